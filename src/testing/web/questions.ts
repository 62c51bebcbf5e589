/** What a machine may print in the hope of an answer, or to reach the clipboard or the title of the window. */
interface Question {
  name: string
  text: string
  /** What a terminal of 24 rows and 80 columns with its cursor at home says; empty: nothing */
  answer: string
}

const question = (name: string, text: string, answer = ''): Question => ({ name, text, answer })
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
  // Blinking, where motion is welcome
  question('DECRQSS of the cursor', dcs('$q q'), dcs('1$r1 q')),
  question('DECRQSS of the level', dcs('$q"p'), dcs('1$r61;1"p')),
  question('DECRQSS of protection', dcs('$q"q'), dcs('1$r0"q')),
  question('DECRQSS of something else', dcs('$qz'), dcs('0$r')),
  question('reports of the focus', '\x1b[?1004h', '\x1b[O'),
  question('the size in characters', '\x1b[18t', '\x1b[8;24;80t'),
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
