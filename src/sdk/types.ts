/**
 * What an embedding page works with, in types of their own: the published declarations then need nothing but
 * themselves. `types.test.ts` holds them to the contract in `shared/embed.ts`.
 */

export type ConsoleTheme = 'light' | 'dark'

export type ConsoleState =
  | 'idle'
  | 'issuing'
  | 'opening'
  /** The line is open, and nothing has come yet. */
  | 'silent'
  | 'live'
  /** The line is lost, and a new one is being asked for. */
  | 'recovering'
  | 'waiting'
  | 'ended'

export interface ConsoleStateDetail {
  state: ConsoleState
  /** Whether what is typed in the console reaches the line. */
  mayType: boolean
}

export interface ConsoleTitleDetail {
  /** What the machine calls its terminal: show it as text. */
  title: string
}

export interface ConsoleErrorDetail {
  /** For a program, e.g. `gateway-unreachable`. */
  cause: string
  /** For a person, in the console's language. */
  title: string
  next: string
  /** For an engineer. */
  detail: string | null
  /** The console goes on by itself. */
  retries: boolean
}

export interface ConsoleEndedDetail {
  /** null: because somebody disconnected */
  cause: string | null
}

export interface ConsoleTicketExpiringDetail {
  /** ISO 8601: a new ticket is needed by then. */
  expiresAt: string
}

export type TroubleReason =
  /** `src` or `server` is missing or not usable. */
  | 'not-configured'
  /** A page over https cannot frame one over http. */
  | 'mixed-content'
  /** The page's own Content-Security-Policy forbids the frame. */
  | 'page-policy'
  /** The address did not answer, or not to this page. */
  | 'unreachable'
  /** Something answered that is no BMS Console. */
  | 'not-a-console'
  | 'embedding-off'
  /** This page's origin may not embed the console. */
  | 'not-allowed'
  /** This page may embed it, and still nothing came. */
  | 'no-answer'
  /** `getTicket` is missing, failed, or gave no ticket. */
  | 'no-ticket'

/** The console could not be shown at all, or not be renewed; the element says so in words, too. */
export interface ConsoleTroubleDetail {
  reason: TroubleReason
  title: string
  /** What to set, and where. */
  next: string
}

/** The element's DOM events. They do not bubble. */
export interface BmsConsoleEventMap {
  'console-ready': CustomEvent<null>
  'console-state': CustomEvent<ConsoleStateDetail>
  'console-title': CustomEvent<ConsoleTitleDetail>
  'console-bell': CustomEvent<null>
  'console-error': CustomEvent<ConsoleErrorDetail>
  'console-ended': CustomEvent<ConsoleEndedDetail>
  'console-ticket-expiring': CustomEvent<ConsoleTicketExpiringDetail>
  'console-trouble': CustomEvent<ConsoleTroubleDetail>
}

/** Gives a fresh launch ticket, which your backend has signed. Asked at each start and each renewal. */
export type GetTicket = () => Promise<string>

export interface ConsoleSettings {
  theme?: ConsoleTheme
  /** BCP 47, e.g. `de` */
  language?: string
  /** Pixels, 9 to 28 */
  fontSize?: number
}
