import { EMBED_VERSION, EmbedCommand, type EmbedEvent } from '../shared/embed.ts'
import type { Command } from './channel.ts'
import { Connection } from './connection.ts'
import { Notice } from './notice.ts'
import { Tickets } from './tickets.ts'
import { Transcripts } from './transcripts.ts'
import { consoleAddress, type Trouble, troubleWords } from './trouble.ts'
import type { BmsConsoleEventMap, ConsoleSettings, ConsoleSize, ConsoleState, GetTicket } from './types.ts'

export type * from './types.ts'

/** The contract's version. An element works with consoles of the same version. */
export const version: string = String(EMBED_VERSION)

/** The attributes that the frame is told. */
const SETTINGS = ['theme', 'language', 'font-size', 'chrome', 'pass-keys'] as const

/** A frame, with the tickets that open it and keep it open. */
interface Open {
  connection: Connection
  tickets: Tickets
}

/**
 * `<bms-console src="https://console.example.com" server="…">` shows a server's serial console. `src` is the console's
 * origin, with the path that it is served below. `theme`, `language`, `font-size`, `chrome`, `pass-keys` and `label` (for
 * screen readers) may be set at any time.
 */
export class BmsConsoleElement extends HTMLElement {
  static readonly observedAttributes: string[] = ['src', 'server', 'label', ...SETTINGS]

  readonly #root: ShadowRoot = this.attachShadow({ mode: 'open' })
  readonly #notice = new Notice(this.#root, () => this.#retry())
  readonly #transcripts = new Transcripts()
  #open: Open | null = null
  #starting = false
  #getTicket: GetTicket | null = null
  #state: ConsoleState = 'idle'
  #mayType = false

  /** Your function that gives a launch ticket, signed by your backend. It is called at each start and renewal. */
  get getTicket(): GetTicket | null {
    return this.#getTicket
  }

  set getTicket(getTicket: GetTicket | null) {
    this.#getTicket = getTicket
    if (getTicket) this.#open?.tickets.provided()
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

  /** The state of the last `console-state` event. */
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

  /** Types the text as it is, up to 4096 characters. @throws Error when no console is open */
  send(text: string): void {
    this.#command({ type: 'send', text })
  }

  /** Pastes the text: cleaned, paced, and confirmed in the console if it has several lines. @throws Error like `send` */
  paste(text: string): void {
    this.#command({ type: 'paste', text })
  }

  /** Opens the search of the scrollback. @throws Error like `send` */
  find(): void {
    this.#command({ type: 'find' })
  }

  /** Opens the keypad, or closes it. @throws Error like `send` */
  keypad(): void {
    this.#command({ type: 'keypad' })
  }

  /** `fit`: as large as the element lets it be. @throws Error like `send`, TypeError for a size that no terminal has */
  setSize(size: 'fit' | ConsoleSize): void {
    this.#command({ type: 'set-size', size })
  }

  /** On a shared line, asks for the keyboard. @throws Error like `send` */
  takeKeyboard(): void {
    this.#command({ type: 'take-keyboard' })
  }

  override focus(options?: FocusOptions): void {
    this.#open?.connection.focus(options)
  }

  /** Sets several attributes at once. @throws TypeError if a value is not allowed; then none is set */
  set(settings: ConsoleSettings): void {
    const command = { channel: 'bms-console', version: EMBED_VERSION, type: 'set', ...settings }
    const allowed = EmbedCommand.safeParse(command)
    if (!allowed.success)
      throw new TypeError(`set: ${allowed.error.issues[0]?.path.join('.')} is not allowed`)
    const { theme, language, fontSize, chrome, passKeys } = settings
    if (theme !== undefined) this.setAttribute('theme', theme)
    if (language !== undefined) this.setAttribute('language', language)
    if (fontSize !== undefined) this.setAttribute('font-size', String(fontSize))
    if (chrome !== undefined) this.setAttribute('chrome', chrome)
    if (passKeys !== undefined) this.setAttribute('pass-keys', passKeys.join(' '))
  }

  /**
   * Asks `getTicket` now. The screen stays. The element does this by itself before a grant expires.
   * @throws Error when no console is open, or no ticket comes
   */
  async renewTicket(): Promise<void> {
    const { connection, tickets } = this.#ready()
    const ticket = await tickets.ask()
    if (this.#open?.connection !== connection) throw notOpen()
    connection.send({ type: 'renew-ticket', ticket })
    tickets.renewed()
  }

  /** The scrollback and the screen as text. @throws Error when it does not come in time */
  getTranscript({ timeoutMs = 10_000 }: { timeoutMs?: number } = {}): Promise<string> {
    return this.#transcripts.get((id) => this.#command({ type: 'get-transcript', id }), timeoutMs)
  }

  /** Starts again with a new frame and a new ticket. */
  reload(): void {
    this.#stop()
    if (this.isConnected) this.#startSoon()
  }

  connectedCallback(): void {
    // The page may have set it before this class was defined. That own property would hide our setter.
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
        if (this.#open) this.#open.connection.label = this.#label
        return
      default:
        if (this.#open?.connection.ready) this.#sendSetting(this.#open.connection, name)
    }
  }

  get #label(): string {
    return this.getAttribute('label') ?? 'Serial console'
  }

  /** Starts once, when several attributes change together. */
  #startSoon(): void {
    if (this.#starting) return
    this.#starting = true
    queueMicrotask(() => {
      this.#starting = false
      if (this.isConnected && !this.#open) this.#start()
    })
  }

  #start(): void {
    this.#notice.hide()
    const src = consoleAddress(this.getAttribute('src'))
    if (!src) return this.#trouble({ reason: 'not-configured', attribute: 'src' })
    if (!this.server) return this.#trouble({ reason: 'not-configured', attribute: 'server' })
    const connection = new Connection({
      src,
      server: this.server,
      label: this.#label,
      root: this.#root,
      onReady: () => {
        this.#notice.hide()
        for (const name of SETTINGS) if (this.hasAttribute(name)) this.#sendSetting(connection, name)
        void tickets.launch()
      },
      onEvent: (event) => this.#received(event),
      onTrouble: (trouble) => this.#trouble(trouble),
    })
    const tickets = new Tickets({
      getTicket: () => this.#getTicket,
      launch: (ticket) => connection.send({ type: 'launch', ticket }),
      renew: (ticket) => connection.send({ type: 'renew-ticket', ticket }),
      onMissing: (detail) => this.#trouble({ reason: 'no-ticket', detail }),
      onFound: () => this.#notice.hide(),
    })
    this.#open = { connection, tickets }
    connection.start()
  }

  #stop(): void {
    this.#open?.connection.close()
    this.#open?.tickets.end()
    this.#open = null
    this.#transcripts.end(notOpen())
    this.#state = 'idle'
    this.#mayType = false
  }

  #retry(): void {
    if (this.#open?.tickets.renewing) this.#open.tickets.retry()
    else this.reload()
  }

  #received(event: EmbedEvent): void {
    switch (event.type) {
      case 'transcript':
        return this.#transcripts.receive(event.id, event.text)
      case 'ready':
      case 'bell':
        return this.#emit(`console-${event.type}`, null)
      case 'state': {
        const { state, mayType } = event
        this.#state = state
        this.#mayType = mayType
        return this.#emit('console-state', { state, mayType })
      }
      case 'title':
        return this.#emit('console-title', { title: event.title })
      case 'size': {
        const { columns, rows, follows } = event
        return this.#emit('console-size', { columns, rows, follows })
      }
      case 'key':
        return this.#emit('console-key', { keys: event.keys })
      case 'error': {
        const { cause, title, next, detail, retries } = event
        return this.#emit('console-error', { cause, title, next, detail, retries })
      }
      case 'ended':
        return this.#emit('console-ended', { cause: event.cause })
      case 'ticket-expiring': {
        // A console of an earlier version tells the date only.
        const { expiresAt, expiresInMs = Math.max(0, Date.parse(expiresAt) - Date.now()) } = event
        // The host page gets the event first: it may renew the ticket in its own way.
        this.#emit('console-ticket-expiring', { expiresAt, expiresInMs })
        return this.#open?.tickets.expiring(expiresInMs)
      }
    }
  }

  #trouble(trouble: Trouble): void {
    const words = troubleWords(trouble)
    this.#notice.show(words, this.#open?.tickets.renewing ?? false)
    this.#emit('console-trouble', words)
  }

  #emit<K extends keyof BmsConsoleEventMap>(type: K, detail: BmsConsoleEventMap[K]['detail']): void {
    this.dispatchEvent(new CustomEvent(type, { detail }))
  }

  /** @throws Error when no console is open */
  #ready(): Open {
    if (!this.#open?.connection.ready) throw notOpen()
    return this.#open
  }

  #command(command: Command): void {
    this.#ready().connection.send(command)
  }

  /** Ignores a value that is not allowed, as HTML does everywhere. */
  #sendSetting(connection: Connection, name: string): void {
    const value = this.getAttribute(name)
    // Without the attribute, these are what they were at first.
    if (value === null && name !== 'chrome' && name !== 'pass-keys') return
    const setting = settingOf(name, value)
    try {
      connection.send({ type: 'set', ...setting })
    } catch {
      console.warn(`<bms-console>: ${value} is not allowed for the attribute ${name}`)
    }
  }
}

function settingOf(name: string, value: string | null): object {
  switch (name) {
    case 'font-size':
      return { fontSize: Number(value) }
    case 'pass-keys':
      // A comma may be a key, too.
      return { passKeys: (value ?? '').split(/\s+|,(?=[A-Z\s])/).filter((keys) => keys !== '') }
    case 'chrome':
      return { chrome: value ?? 'bar' }
    default:
      return { [name]: value }
  }
}

const notOpen = () => new Error('The console is not open: wait for console-ready')

declare global {
  interface HTMLElementTagNameMap {
    'bms-console': BmsConsoleElement
  }
  interface HTMLElementEventMap extends BmsConsoleEventMap {}
}

if (!customElements.get('bms-console')) customElements.define('bms-console', BmsConsoleElement)
