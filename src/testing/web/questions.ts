/** What a machine may print in the hope of an answer, or to reach the clipboard or the title of the window. */
interface Question {
  name: string
  text: string
  /** What a terminal of 24 rows and 80 columns with its cursor at home says; empty: nothing */
  answer: string
  /** The same where a page shows it: there it has colours, and the focus. Each colour is `COLOUR`. */
  shown: string
}

export const COLOUR = 'rgb:…'

const question = (name: string, text: string, answer = '', shown = answer): Question => ({
  name,
  text,
  answer,
  shown,
})
/** The terminal knows its colours when a page shows it. */
const colours = (name: string, text: string, ...numbers: string[]): Question =>
  question(name, text, '', numbers.map((number) => `\x1b]${number};${COLOUR}\x1b\\`).join(''))
const dcs = (text: string) => `\x1bP${text}\x1b\\`

/** xterm.js 6 answers these by itself. */
const answered = [
  question('DA1', '\x1b[c', '\x1b[?1;2c'),
  question('DA1 with its default', '\x1b[0c', '\x1b[?1;2c'),
  question('DA1 after a C1 control', '\x9bc', '\x1b[?1;2c'),
  question('DA2', '\x1b[>c', '\x1b[>0;276;0c'),
  question('DSR', '\x1b[5n', '\x1b[0n'),
  question('CPR', '\x1b[6n', '\x1b[1;1R'),
  question('CPR after a C1 control', '\x9b6n', '\x1b[1;1R'),
  question('DECXCPR', '\x1b[?6n', '\x1b[?1;1R'),
  question('DECRQM', '\x1b[4$p', '\x1b[4;2$y'),
  question('DECRQM of a mode that it lacks', '\x1b[19$p', '\x1b[19;0$y'),
  question('private DECRQM', '\x1b[?2004$p', '\x1b[?2004;2$y'),
  question('private DECRQM of a mode that it lacks', '\x1b[?9999$p', '\x1b[?9999;0$y'),
  question('DECRQSS of the look', dcs('$qm'), dcs('1$r0m')),
  question('DECRQSS of the scroll region', dcs('$qr'), dcs('1$r1;24r')),
  // Blinking, where motion is welcome. It is not in our pages.
  question('DECRQSS of the cursor', dcs('$q q'), dcs('1$r1 q'), dcs('1$r2 q')),
  question('DECRQSS of the level', dcs('$q"p'), dcs('1$r61;1"p')),
  question('DECRQSS of protection', dcs('$q"q'), dcs('1$r0"q')),
  question('DECRQSS of something else', dcs('$qz'), dcs('0$r')),
  question('reports of the focus', '\x1b[?1004h', '\x1b[O', '\x1b[I'),
  question('the size in characters', '\x1b[18t', '\x1b[8;24;80t'),
  colours('OSC 4, a colour', '\x1b]4;1;?\x07', '4;1'),
  colours('OSC 4, several colours', '\x1b]4;1;?;255;?\x1b\\', '4;1', '4;255'),
  colours('OSC 4, a colour that was set', '\x1b]4;1;rgb:11/22/33\x07\x1b]4;1;?\x07', '4;1'),
  colours('OSC 4 after a C1 control', '\x9d4;0;?\x9c', '4;0'),
  colours('OSC 10, the foreground', '\x1b]10;?\x07', '10'),
  colours('OSC 11, the background', '\x1b]11;?\x07', '11'),
  colours('OSC 12, the cursor', '\x1b]12;?\x1b\\', '12'),
  colours('OSC 10, and those after it', '\x1b]10;?;?;?;?\x07', '10', '11', '12'),
]

const unanswered = [
  question('DECID', '\x1bZ'),
  question('DA3', '\x1b[=c'),
  question('ENQ', '\x05'),
  question('DECREQTPARM', '\x1b[x'),
  question('DECREQTPARM, solicited only', '\x1b[1x'),
  question('DECRQCRA', '\x1b[1;1;1;1;1;1*y'),
  question('XTVERSION', '\x1b[>q'),
  question('XTGETTCAP', dcs('+q544e')),
  question('XTSMGRAPHICS', '\x1b[?1;1;0S'),
  question('XTQMODKEYS', '\x1b[?4m'),
  question('the keyboard of kitty', '\x1b[?u'),
  question('the keyboard of kitty, pushed', '\x1b[>1u'),
  question('pictures of kitty', '\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\'),
  question('pictures of iTerm2', '\x1b]1337;ReportCellSize\x07'),
  ...[15, 25, 26, 53, 55, 56, 62, 63, 75, 85, 996].map((code) => question(`DSR ${code}`, `\x1b[?${code}n`)),
  ...[11, 13, 14, 15, 16, 19, 20, 21].map((code) => question(`window report ${code}`, `\x1b[${code}t`)),
  ...[1, 2, 3, 4, 5, 6, 7, 9, 10, 22, 23].map((code) =>
    question(`window operation ${code}`, `\x1b[${code}t`),
  ),
  ...[0, 1, 2].map((code) =>
    question(`OSC ${code}, a title, and its report`, `\x1b]${code};ls\r\x07\x1b[21t`),
  ),
  question('OSC 4, a colour that it lacks', '\x1b]4;256;?\x07'),
  ...[3, 5, 6, 13, 14, 15, 16, 17, 18, 19, 21, 22, 50, 51, 60, 61].flatMap((code) => [
    question(`OSC ${code}`, `\x1b]${code};?\x07`),
    question(`OSC ${code} of something`, `\x1b]${code};0;?\x1b\\`),
  ]),
  ...[104, 105, 106, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119].map((code) =>
    question(`OSC ${code}, back to what it was`, `\x1b]${code};?\x07\x1b]${code}\x07`),
  ),
  question('the colours of kitty', '\x1b]21;foreground=?;background=?\x1b\\'),
  question('the clipboard of kitty', '\x1b]5522;type=read;Lg==\x1b\\'),
  question('the clipboard of iTerm2', '\x1b]1337;CopyToClipboard=general\x07ls\x1b]1337;EndCopy\x07'),
  question(
    'a variable and a file of iTerm2',
    '\x1b]1337;ReportVariable=bmFtZQ==\x07\x1b]1337;RequestUpload=f\x07',
  ),
  question('a function key', dcs('1;1|17/6c730d')),
  question('a macro', `${dcs('0;1;0!z6c730d')}\x1b[0*z`),
  question('DECRQPSR', '\x1b[1$w\x1b[2$w'),
  question('DECRQTSR', '\x1b[1$u\x1b[2$u'),
  question('DECRQUPSS', '\x1b[&u'),
  question('DECRQDE', '\x1b["v'),
  question('the locator', "\x1b[1'z\x1b['|"),
  question('a printer', '\x1b[i\x1b[5i\x1b[4i'),
  question('the terminal’s own tests', '\x1b[2;1y'),
  question('OSC 52, a question', '\x1b]52;c;?\x07'),
  question('OSC 52, a text', '\x1b]52;c;cm0gLXJmIC8K\x07'),
  question('OSC 52 after a C1 control', '\x9d52;p;cm0gLXJmIC8K\x9c'),
  question('a notification', '\x1b]9;ls\x07\x1b]777;notify;ls;ls\x07\x1b]99;;ls\x1b\\'),
  question('the folder, a prompt', '\x1b]7;file:///etc\x07\x1b]133;A\x07'),
  ...[9, 1000, 1001, 1002, 1003, 1005, 1006, 1015, 1016, 2004, 2026, 2048].map((mode) =>
    question(`mode ${mode}`, `\x1b[?${mode}h`),
  ),
]

export const questions: readonly Question[] = [...answered, ...unanswered]
