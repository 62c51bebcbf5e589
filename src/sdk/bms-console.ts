import { EMBED_VERSION, EmbedCommand, type EmbedEvent, LaunchTicket } from '../shared/embed.ts'
import type { Command } from './channel.ts'
import { Connection } from './connection.ts'
import { Notice } from './notice.ts'
import { nextTry } from './renewal.ts'
import { consoleOrigin, type Trouble, troubleWords } from './trouble.ts'
import type {
  BmsConsoleEventMap,
  ConsoleSettings,
  ConsoleState,
  ConsoleTicketExpiringDetail,
  GetTicket,
} from './types.ts'

export type * from './types.ts'

/** The contract's version: an element works with a console of the same. */
export const version: string = String(EMBED_VERSION)

/** A page may set `getTicket` a moment after the element is there. */
const GET_TICKET_MS = 5_000
const TRANSCRIPT_MS = 10_000

interface Asked {
  resolve: (text: string) => void
  reject: (reason: Error) => void
  timer: ReturnType<typeof setTimeout>
}

/**
 * `<bms-console src="https://console.example.com" server="…">`: a server's serial console. `src` is the console's
 * origin; `theme`, `language`, `font-size` and `label` (for screen readers) may be set at any time.
 */
export class BmsConsoleElement extends HTMLElement {
  static readonly observedAttributes: string[] = ['src', 'server', 'theme', 'language', 'font-size', 'label']

  readonly #root: ShadowRoot = this.attachShadow({ mode: 'open' })
  readonly #notice = new Notice(this.#root, () => this.#retry())
  readonly #transcripts = new Map<string, Asked>()
  #connection: Connection | null = null
  #starting = false
  #getTicket: GetTicket | null = null
  /** Asked for while the frame loads; null where it was used. */
  #ticket: Promise<string> | null = null
  #launched = false
  #renewal: ReturnType<typeof setTimeout> | undefined
  #missing: ReturnType<typeof setTimeout> | undefined
  /** Each asks for the ticket that the one before could not get. */
  #tries = 0
  #expiring: ConsoleTicketExpiringDetail | null = null
  #transcriptCount = 0
  #state: ConsoleState = 'idle'
  #mayType = false

  /** Gives a launch ticket that your backend has signed: at each start, and whenever one expires. */
  get getTicket(): GetTicket | null {
    return this.#getTicket
  }

  set getTicket(getTicket: GetTicket | null) {
    this.#getTicket = getTicket
    if (!getTicket) return
    clearTimeout(this.#missing)
    if (this.#connection?.ready && !this.#launched) void this.#launch(this.#connection)
  }

  get src(): string {
    return this.getAttribute('src') ?? ''
  }

  set src(src: string) {
    this.setAttribute('src', src)
  }

  get server(): string {
    return this.getAttribute('server') ?? ''
  }

  set server(server: string) {
    this.setAttribute('server', server)
  }

  /** As the event `console-state` last told. */
  get state(): ConsoleState {
    return this.#state
  }

  get mayType(): boolean {
    return this.#mayType
  }

  connect(): void {
    this.#command({ type: 'connect' })
  }

  disconnect(): void {
    this.#command({ type: 'disconnect' })
  }

  /** Types the text as it is, up to 4096 characters. @throws Error where no console is open */
  send(text: string): void {
    this.#command({ type: 'send', text })
  }

  /** Pastes: cleaned, paced, and confirmed in the console where it has several lines. @throws Error as `send` */
  paste(text: string): void {
    this.#command({ type: 'paste', text })
  }

  override focus(options?: FocusOptions): void {
    this.#connection?.focus(options)
  }

  /** The same as the attributes. @throws TypeError where one is not allowed; none is then set */
  set(settings: ConsoleSettings): void {
    const allowed = EmbedCommand.safeParse({
      channel: 'bms-console',
      version: EMBED_VERSION,
      type: 'set',
      ...settings,
    })
    if (!allowed.success)
      throw new TypeError(`set: ${allowed.error.issues[0]?.path.join('.')} is not allowed`)
    const { theme, language, fontSize } = settings
    if (theme !== undefined) this.setAttribute('theme', theme)
    if (language !== undefined) this.setAttribute('language', language)
    if (fontSize !== undefined) this.setAttribute('font-size', String(fontSize))
  }

  /** Asks `getTicket` now; the screen stays. The element does so itself before a ticket's grant ends. */
  async renewTicket(): Promise<void> {
    const connection = this.#connection
    if (!connection?.ready) throw notOpen()
    const ticket = await this.#askTicket()
    if (this.#connection === connection) connection.send({ type: 'renew-ticket', ticket })
  }

  /** Scrollback and screen as text. @throws Error where none comes in time */
  getTranscript({ timeoutMs = TRANSCRIPT_MS }: { timeoutMs?: number } = {}): Promise<string> {
    return new Promise((resolve, reject) => {
      const id = String(++this.#transcriptCount)
      this.#command({ type: 'get-transcript', id })
      const timer = setTimeout(() => {
        this.#transcripts.delete(id)
        reject(new Error(`The console gave no transcript within ${timeoutMs} ms`))
      }, timeoutMs)
      this.#transcripts.set(id, { resolve, reject, timer })
    })
  }

  /** A new frame, with a new ticket. */
  reload(): void {
    this.#stop()
    if (this.isConnected) this.#startSoon()
  }

  connectedCallback(): void {
    // Set before this class was there: the property of its own would hide ours.
    if (Object.hasOwn(this, 'getTicket')) {
      const { getTicket } = this
      Reflect.deleteProperty(this, 'getTicket')
      this.getTicket = getTicket
    }
    this.#startSoon()
  }

  disconnectedCallback(): void {
    this.#stop()
  }

  attributeChangedCallback(name: string, before: string | null, value: string | null): void {
    if (before === value) return
    switch (name) {
      case 'src':
      case 'server':
        if (this.isConnected) this.reload()
        return
      case 'label':
        if (this.#connection) this.#connection.label = this.#label
        return
      default:
        if (this.#connection?.ready) this.#tellSettings(this.#connection, [name])
    }
  }

  get #label(): string {
    return this.getAttribute('label') ?? 'Serial console'
  }

  /** Once for all attributes that change together. */
  #startSoon(): void {
    if (this.#starting) return
    this.#starting = true
    queueMicrotask(() => {
      this.#starting = false
      if (this.isConnected && !this.#connection) this.#start()
    })
  }

  #start(): void {
    this.#notice.hide()
    const src = consoleOrigin(this.getAttribute('src'))
    if (!src) return this.#trouble({ reason: 'not-configured', attribute: 'src' })
    if (!this.server) return this.#trouble({ reason: 'not-configured', attribute: 'server' })
    const connection: Connection = new Connection({
      src,
      server: this.server,
      label: this.#label,
      root: this.#root,
      onReady: () => {
        this.#notice.hide()
        this.#launched = false
        this.#tellSettings(connection, ['theme', 'language', 'font-size'])
        void this.#launch(connection)
      },
      onEvent: (event) => this.#heard(event),
      onTrouble: (trouble) => this.#trouble(trouble),
    })
    this.#connection = connection
    // Beside the loading of the frame: a ticket lives longer than that takes.
    if (this.#getTicket) {
      this.#ticket = this.#askTicket()
      // Told where it is needed.
      this.#ticket.catch(() => {})
    }
  }

  #stop(): void {
    this.#connection?.close()
    this.#connection = null
    this.#ticket = null
    this.#launched = false
    this.#expiring = null
    clearTimeout(this.#missing)
    clearTimeout(this.#renewal)
    for (const { reject, timer } of this.#transcripts.values()) {
      clearTimeout(timer)
      reject(notOpen())
    }
    this.#transcripts.clear()
    this.#state = 'idle'
    this.#mayType = false
  }

  async #launch(connection: Connection): Promise<void> {
    if (!this.#getTicket) {
      const detail =
        'Set the property getTicket of <bms-console>: a function that asks your backend for a ticket.'
      this.#missing = setTimeout(() => this.#trouble({ reason: 'no-ticket', detail }), GET_TICKET_MS)
      return
    }
    this.#notice.hide()
    this.#launched = true
    try {
      const asked = this.#ticket ?? this.#askTicket()
      this.#ticket = null
      const ticket = await asked
      if (this.#connection === connection) connection.send({ type: 'launch', ticket })
    } catch (error) {
      if (this.#connection !== connection) return
      this.#launched = false
      this.#trouble({ reason: 'no-ticket', detail: wordsOf(error) })
    }
  }

  async #askTicket(): Promise<string> {
    if (!this.#getTicket) throw new Error('getTicket is not set.')
    const ticket = LaunchTicket.safeParse(await this.#getTicket())
    if (!ticket.success) throw new Error('getTicket gave no ticket: it must be the JWT as a string.')
    return ticket.data
  }

  #retry(): void {
    if (this.#expiring) void this.#renew()
    else this.reload()
  }

  /** Tries until the grant has ended; the screen stays in any case. */
  async #renew(): Promise<void> {
    clearTimeout(this.#renewal)
    const connection = this.#connection
    const expiring = this.#expiring
    if (!expiring || !connection) return
    try {
      await this.renewTicket()
      this.#expiring = null
      this.#notice.hide()
    } catch (error) {
      if (this.#connection !== connection || this.#expiring !== expiring) return
      const wait = nextTry(this.#tries++, Date.now(), Date.parse(expiring.expiresAt))
      if (wait === null) this.#trouble({ reason: 'no-ticket', detail: wordsOf(error) })
      else this.#renewal = setTimeout(() => void this.#renew(), wait)
    }
  }

  #heard(event: EmbedEvent): void {
    const { channel: _channel, version: _version, type, ...detail } = event
    switch (event.type) {
      case 'transcript': {
        const asked = this.#transcripts.get(event.id)
        this.#transcripts.delete(event.id)
        clearTimeout(asked?.timer)
        asked?.resolve(event.text)
        return
      }
      case 'state':
        this.#state = event.state
        this.#mayType = event.mayType
        break
      case 'ticket-expiring':
        this.#expiring = { expiresAt: event.expiresAt }
        this.#tries = 0
        if (this.#getTicket) void this.#renew()
        break
      case 'ready':
      case 'title':
      case 'bell':
      case 'error':
      case 'ended':
    }
    const told = Object.keys(detail).length > 0 ? detail : null
    this.dispatchEvent(new CustomEvent(`console-${type}`, { detail: told }))
  }

  #trouble(trouble: Trouble): void {
    const detail = troubleWords(trouble)
    this.#notice.show(detail, this.#expiring !== null)
    this.dispatchEvent(new CustomEvent('console-trouble', { detail }))
  }

  #command(command: Command): void {
    if (!this.#connection?.ready) throw notOpen()
    this.#connection.send(command)
  }

  /** An attribute that is not allowed is left out, as everywhere in HTML. */
  #tellSettings(connection: Connection, names: readonly string[]): void {
    for (const name of names) {
      const value = this.getAttribute(name)
      if (value === null) continue
      const setting = name === 'font-size' ? { fontSize: Number(value) } : { [name]: value }
      try {
        connection.send({ type: 'set', ...setting })
      } catch (error) {
        console.warn(`<bms-console>: the attribute ${name} is not valid (${wordsOf(error)})`)
      }
    }
  }
}

const notOpen = () => new Error('The console is not open: wait for console-ready')
const wordsOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

declare global {
  interface HTMLElementTagNameMap {
    'bms-console': BmsConsoleElement
  }
  interface HTMLElementEventMap extends BmsConsoleEventMap {}
}

if (!customElements.get('bms-console')) customElements.define('bms-console', BmsConsoleElement)
