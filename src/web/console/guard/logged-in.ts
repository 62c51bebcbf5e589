/** What of the screen tells whether somebody is logged in. */
export interface ScreenEnd {
  /** The cursor's line up to the cursor. */
  line: string
  /** A full-screen program has the screen. */
  alternate: boolean
}

export type LoginState =
  | 'shell'
  /** An editor or another program: it has to be left before the shell can be. */
  | 'program'
  /** At a login prompt, or what is there says nothing. */
  | 'none'

const LOGIN = /(login|password|passphrase)[^:]*: *$/i
/** The kernel's and systemd's own lines, which may hold any character. */
const LOG_LINE = /^\s*\[(\s*\d+\.\d+|\s+\S+\s+)\]/
/**
 * A shell's prompt with what is typed after it: `root@web-01:~# `, `~ $ ls`, `[admin@host etc]$ `, `C:\>`. Left out are
 * boot loaders and firmware (`grub> `, `Shell> `), where nobody is logged in.
 */
const PROMPT = /^[^#$%>]*(?:[\w~\])/:.-] ?[#$]|[A-Za-z_~\])/:.-] ?%|\\>)( |$)/

/** Whether leaving now would leave a shell open for whoever comes next. */
export function loginState({ line, alternate }: ScreenEnd): LoginState {
  if (alternate) return 'program'
  if (LOGIN.test(line) || LOG_LINE.test(line)) return 'none'
  return PROMPT.test(line) || /^[#$%] /.test(line) ? 'shell' : 'none'
}

/** Nobody is logged in for certain. */
export const isLoginPrompt = ({ line, alternate }: ScreenEnd) => !alternate && /login: *$/i.test(line)

/** Kills a line that is half typed (Ctrl+U), then leaves the shell. */
export const LOG_OUT = '\x15exit\r'
