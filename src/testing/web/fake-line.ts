import type { IssuedConsole } from '../../shared/api.ts'
import type { Failure } from '../../shared/cause.ts'
import type { ResumePoint, Viewer, ViewerMay, ViewerMessage } from '../../shared/relay-protocol.ts'
import type { TerminalSize } from '../../shared/terminal-size.ts'
import type { RelayOnly } from '../../shared/transport.ts'
import type { JoinedInput } from '../../web/console/session/input-ledger.ts'
import type {
  OpenTransport,
  RelayEvent,
  Resume,
  TransportHandlers,
} from '../../web/console/transport/transport.ts'

const SYSRQ = { sequence: '\x0f' }

/** What a server answers who asks for a console. */
export const issuedConsole = {
  direct: {
    transport: 'direct',
    url: 'wss://gateway.test/?token=t',
    expiresInMs: 600_000,
    sysrq: SYSRQ,
  },
  relay: {
    transport: 'relay',
    session: 'session-1',
    ticket: 'ticket',
    expiresInMs: 30_000,
    sysrq: SYSRQ,
  },
} satisfies Record<string, IssuedConsole>

/** A viewer of a shared line. The first one opened it. */
export const viewer = (number: number, change: Partial<Viewer> = {}): Viewer => ({
  id: `viewer-${number}`,
  name: `Person ${number}`,
  number,
  tab: 1,
  mayWrite: true,
  role: 'viewer',
  owner: number === 1,
  ...change,
})

/** Lets what was promised happen. */
export const settle = () => new Promise<void>((resolve) => setTimeout(resolve, 0))

/** A way to a serial line that a test holds both ends of: it issues consoles, opens them and speaks on them. */
export class FakeLine {
  readonly asked: {
    signal: AbortSignal
    /** Whether the page wants to be asked where another may have the line */
    ask: boolean
    /** Why the page wants no link */
    relayOnly: RelayOnly | null
    give(console: IssuedConsole): void
    refuse(error: unknown): void
  }[] = []
  readonly connections: FakeConnection[] = []
  /** Whether the relay can be asked to try its line at once. */
  hurriesRelay = true

  issue = (signal: AbortSignal, ask: boolean, relayOnly: RelayOnly | null) =>
    new Promise<IssuedConsole>((give, refuse) => {
      this.asked.push({ signal, ask, relayOnly, give, refuse })
    })

  openTransport: OpenTransport = (issued, resume, handlers) => {
    const connection = new FakeConnection(issued, resume, handlers)
    if (!this.hurriesRelay) delete connection.retry
    this.connections.push(connection)
    return connection
  }

  /** The newest. */
  get connection(): FakeConnection {
    const connection = this.connections.at(-1)
    if (!connection) throw new Error('nothing was opened')
    return connection
  }

  /** The server answers the last question with a console, which the session then opens. */
  async give(console: IssuedConsole): Promise<FakeConnection> {
    this.asked.at(-1)?.give(console)
    await settle()
    return this.connection
  }

  async refuse(error: unknown): Promise<void> {
    this.asked.at(-1)?.refuse(error)
    await settle()
  }
}

type Joined = Partial<Omit<Extract<RelayEvent, { type: 'joined' }>, 'input'>>

/** One opened line. */
class FakeConnection {
  /** All that was typed, as text. */
  typed = ''
  readonly told: ViewerMessage[] = []
  /** What the terminal said by itself. */
  answered = ''
  consumedBytes = 0
  /** How often the relay was asked to try its line at once. */
  hurries = 0
  closed = false
  readonly from: ResumePoint | null

  constructor(
    readonly issued: IssuedConsole,
    readonly resume: Resume,
    readonly handlers: TransportHandlers,
  ) {
    // A copy: the session goes on counting in its own.
    const { output } = resume
    this.from = output && { session: output.session, offset: output.offset }
  }

  send = (bytes: Uint8Array): boolean => {
    this.typed += new TextDecoder().decode(bytes)
    return !this.closed
  }
  answer(text: string): void {
    this.answered += text
  }
  tell(message: ViewerMessage): void {
    this.told.push(message)
  }
  resized(size: TerminalSize): void {
    this.told.push({ type: 'size', ...size })
  }
  consumed(bytes: number): void {
    this.consumedBytes += bytes
  }
  close(): void {
    this.closed = true
  }
  retry? = () => {
    this.hurries += 1
  }

  /** The gateway accepts. */
  opens(spoke = false): this {
    this.handlers.onOpen(spoke, this.issued.transport === 'direct' ? null : 1)
    return this
  }
  /** The machine prints. */
  prints(output: string | Uint8Array, muted = false): this {
    this.handlers.onBytes(typeof output === 'string' ? new TextEncoder().encode(output) : output, muted)
    return this
  }
  fails(failure: Failure): this {
    this.handlers.onFailed(failure)
    return this
  }
  /** The relay tells something beside the bytes. */
  relays(event: RelayEvent): this {
    this.handlers.onRelay(event)
    return this
  }
  /** The relay lets us in, and says that the keyboard is ours. @param input what it knows of what we typed */
  joins(change: Joined = {}, input: Partial<JoinedInput['input']> = {}): this {
    const may: ViewerMay = { write: true, record: true, end: false }
    const joined: RelayEvent = {
      type: 'joined',
      session: 'session-1',
      may,
      replayFrom: 0,
      began: 0,
      follows: null,
      lostBytes: null,
      line: 1,
      before: null,
      ...change,
      input: { next: 0, proved: 0, window: 16 * 1024, dropped: [], isNew: false, ...input },
    }
    return this.relays(joined).hasViewers(1, viewer(1))
  }
  /** Who is on the line: we are the first. @param writer the number of who has the keyboard */
  hasViewers(writer: number | null, ...viewers: Viewer[]): this {
    return this.relays({
      type: 'viewers',
      you: 'viewer-1',
      viewers: viewers.map((each) => ({ ...each, role: each.number === writer ? 'writer' : 'viewer' })),
    })
  }
}
