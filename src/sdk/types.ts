/**
 * The types that an embedding page works with. They stand alone, so that the published declarations import nothing.
 * `types.test.ts` checks them against the contract in `shared/embed.ts`.
 */

export type ConsoleTheme = 'light' | 'dark'

export type ConsoleState =
  | 'idle'
  | 'issuing'
  | 'opening'
  /** The line is open, but the machine has not printed anything yet. */
  | 'silent'
  | 'live'
  /** The line is lost, and the relay asks for a new one. */
  | 'recovering'
  | 'waiting'
  | 'ended'

export interface ConsoleStateDetail {
  state: ConsoleState
  /** Whether keys typed in the console reach the line. */
  mayType: boolean
}

export interface ConsoleTitleDetail {
  /** The machine's name for its terminal. Show it as text, never as HTML. */
  title: string
}

/** How many characters the terminal shows beside and below each other */
export interface ConsoleSize {
  columns: number
  rows: number
}

export interface ConsoleSizeDetail extends ConsoleSize {
  /** Another viewer's terminal decides, so a size that you set waits. */
  follows: boolean
}

export interface ConsoleKeyDetail {
  /** As in `pass-keys`, e.g. `Ctrl+K` */
  keys: string
}

/** `none`: the console shows no bar, because the page draws its own. */
export type ConsoleChrome = 'bar' | 'none'

export interface ConsoleErrorDetail {
  /** For a program, e.g. `gateway-unreachable`. */
  cause: string
  /** For a person, in the console's language. */
  title: string
  next: string
  /** For an engineer. */
  detail: string | null
  /** The console tries again by itself. */
  retries: boolean
}

export interface ConsoleEndedDetail {
  /** Null when a person disconnected. */
  cause: string | null
}

export interface ConsoleTicketExpiringDetail {
  /** When a new ticket is needed, ISO 8601, by the browser's clock. */
  expiresAt: string
  /** How long that is from now. */
  expiresInMs: number
}

export type TroubleReason =
  /** `src` or `server` is missing or not usable. */
  | 'not-configured'
  /** A page over https cannot frame one over http. */
  | 'mixed-content'
  /** The page's own Content-Security-Policy forbids the frame. */
  | 'page-policy'
  /** The address did not answer this page. */
  | 'unreachable'
  /** The server that answered is not a BMS Console. */
  | 'not-a-console'
  | 'embedding-off'
  /** This page's origin may not embed the console. */
  | 'not-allowed'
  /** This page may embed the console, but the frame stayed silent. */
  | 'no-answer'
  /** `getTicket` is missing, failed, or gave no ticket. */
  | 'no-ticket'

/** The console could not be shown or renewed. The element also says so in words. */
export interface ConsoleTroubleDetail {
  reason: TroubleReason
  title: string
  /** Which setting to change, and where. */
  next: string
}

/** The element's DOM events. They do not bubble. */
export interface BmsConsoleEventMap {
  'console-ready': CustomEvent<null>
  'console-state': CustomEvent<ConsoleStateDetail>
  'console-title': CustomEvent<ConsoleTitleDetail>
  'console-bell': CustomEvent<null>
  'console-size': CustomEvent<ConsoleSizeDetail>
  'console-key': CustomEvent<ConsoleKeyDetail>
  'console-error': CustomEvent<ConsoleErrorDetail>
  'console-ended': CustomEvent<ConsoleEndedDetail>
  'console-ticket-expiring': CustomEvent<ConsoleTicketExpiringDetail>
  'console-trouble': CustomEvent<ConsoleTroubleDetail>
}

/** Gives a fresh launch ticket, signed by your backend. It is called at each start and each renewal. */
export type GetTicket = () => Promise<string>

export interface ConsoleSettings {
  theme?: ConsoleTheme
  /** BCP 47, e.g. `de` */
  language?: string
  /** Pixels, 9 to 28 */
  fontSize?: number
  chrome?: ConsoleChrome
  /** Keys that come to the page as `console-key`, and not to the server: `['Ctrl+K', 'Ctrl+Shift+P']` */
  passKeys?: string[]
}
