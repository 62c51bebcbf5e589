/** The part of the screen that shows whether somebody is logged in. */
export interface ScreenEnd {
  /** The cursor's line up to the cursor. */
  line: string
  /** A full-screen program has the screen. */
  alternate: boolean
}

export type LoginState =
  | 'shell'
  /** An editor or another program has the screen. It must be left before the shell. */
  | 'program'
  /** The screen shows a login prompt, or nothing that tells. */
  | 'none'

const LOGIN = /(login|password|passphrase)[^:]*: *$/i
/** The kernel's and systemd's own lines, which may hold any character. */
const LOG_LINE = /^\s*\[(\s*\d+\.\d+|\s+\S+\s+)\]/
/**
 * A shell's prompt, and what was typed after it: `root@web-01:~# `, `~ $ ls`, `[admin@host etc]$ `, `C:\>`. The prompts of
 * boot loaders and firmware (`grub> `, `Shell> `) do not match: nobody is logged in there.
 */
const PROMPT = /^[^#$%>]*(?:[\w~\])/:.-] ?[#$]|[A-Za-z_~\])/:.-] ?%|\\>)( |$)/

/** Whether leaving now would leave a shell open for the next person on the line. */
export function loginState({ line, alternate }: ScreenEnd): LoginState {
  if (alternate) return 'program'
  if (LOGIN.test(line) || LOG_LINE.test(line)) return 'none'
  return PROMPT.test(line) || /^[#$%] /.test(line) ? 'shell' : 'none'
}

/** The screen shows a login prompt, so nobody is logged in. */
export const isLoginPrompt = ({ line, alternate }: ScreenEnd) => !alternate && /login: *$/i.test(line)

/** Clears a half-typed line (Ctrl+U), then leaves the shell. */
export const LOG_OUT = '\x15exit\r'
