/** What is typed into a shell, and into the program that it starts */
export interface Scenario {
  name: string
  term: 'vt220' | 'xterm-256color' | 'pcansi'
  command: string
  /** One after the other, each when the program waits */
  keys: readonly string[]
  /** Ends it, without a record */
  quit: readonly string[]
}

const DOWN = '\x1b[B'
const PAGE_DOWN = '\x1b[6~'
const ESC = '\x1b'

const MENU = [
  '--backtitle "Server setup" --title "Network"',
  '--menu "Choose how this server gets its address:" 14 56 4',
  'dhcp "From the network" static "Typed in by hand" bond "Two cards as one" none "Later"',
].join(' ')
const CHECKLIST = [
  '--backtitle "Server setup" --title "Packages"',
  '--checklist "Choose what this server needs:" 14 60 4',
  'ssh "A shell from elsewhere" on http "A web server" off mail "A mail server" off time "The right time" on',
].join(' ')

export const scenarios: readonly Scenario[] = [
  {
    name: 'busybox-vi',
    term: 'vt220',
    command: 'busybox vi service.c',
    keys: [PAGE_DOWN, `${DOWN}${DOWN}`, 'dd', `oedited by hand${ESC}`, '/return\r'],
    quit: [ESC, ':q!\r'],
  },
  {
    name: 'busybox-top',
    term: 'vt220',
    command: 'busybox top -d 5',
    keys: [],
    quit: ['q'],
  },
  {
    name: 'busybox-less',
    term: 'vt220',
    command: 'busybox less -N service.c',
    keys: [' ', DOWN, '/int\r'],
    quit: ['q'],
  },
  {
    name: 'vim',
    term: 'xterm-256color',
    command: 'vim service.c',
    keys: [
      ':syntax on\r',
      ':set number hlsearch\r',
      PAGE_DOWN,
      `oconst char *edited = "ä 日本 ─ 🟢";${ESC}`,
      '/return\r',
      'V2j',
    ],
    quit: [ESC, ':q!\r'],
  },
  {
    name: 'vim-vt220',
    term: 'vt220',
    command: 'vim service.c',
    keys: [':set number hlsearch\r', ':split\r', '\x06', `oconst int edited = 1;${ESC}`, '/return\r'],
    quit: [ESC, ':qa!\r'],
  },
  {
    name: 'less',
    term: 'xterm-256color',
    command: '/opt/bin/less manual.txt',
    keys: [' ', DOWN, DOWN, '/server\r'],
    quit: ['q'],
  },
  { name: 'top', term: 'vt220', command: '/opt/bin/top -d 5', keys: ['z', 'x'], quit: ['q'] },
  { name: 'htop', term: 'xterm-256color', command: 'htop -d 50', keys: [DOWN, DOWN], quit: ['q'] },
  {
    name: 'dialog',
    term: 'xterm-256color',
    command: `dialog ${MENU}`,
    keys: [DOWN, DOWN],
    quit: [`${ESC}${ESC}`],
  },
  {
    name: 'dialog-vt220',
    term: 'vt220',
    command: `dialog ${CHECKLIST}`,
    keys: [DOWN, ' '],
    quit: [`${ESC}${ESC}`],
  },
  {
    name: 'dialog-cp437',
    term: 'pcansi',
    command: `LC_ALL=C dialog ${MENU}`,
    keys: [DOWN, '\t'],
    quit: [`${ESC}${ESC}`],
  },
  {
    name: 'whiptail',
    term: 'xterm-256color',
    command: `whiptail ${CHECKLIST}`,
    keys: [DOWN, ' '],
    quit: [`${ESC}${ESC}`],
  },
]

const functions = ['open', 'close', 'start', 'stop', 'watch', 'restart', 'status', 'reload'].map(
  (name) => `/* Tells the service to ${name}, and waits for its answer. */
static int service_${name}(struct service *service)
{
\tint answer = service_tell(service, "${name}");

\tif (answer < 0)
\t\treturn report(service, "cannot ${name}: %s", -answer);
\treturn answer;
}
`,
)

/** As programs format manuals for a printer: a letter over itself is bold, one over a line is underlined. */
const bold = (text: string) => text.replace(/\S/g, '$&\b$&')
const underlined = (text: string) => text.replace(/\S/g, '_\b$&')

const options = Array.from(
  { length: 24 },
  (_, index) => `       ${bold(`--option-${index}`)}=${underlined('VALUE')}
              How the server treats 日本 and ä in part ${index}, by itself or with others.
`,
)

export const documents = {
  'service.c': `#include <stdio.h>\n#include "service.h"\n\n#define ANSWER_MS 1500\n\n${functions.join('\n')}`,
  'manual.txt': `${bold('NAME')}\n       service - a server of services\n\n${bold('OPTIONS')}\n${options.join('\n')}`,
}
