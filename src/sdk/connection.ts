import { paths } from '../shared/api.ts'
import { EmbedCheck, type EmbedEvent } from '../shared/embed.ts'
import { type Command, EmbedChannel } from './channel.ts'
import { isMixedContent, judge, type Trouble } from './trouble.ts'

/** How long a frame may be silent after its load event. A frame that was refused has a load event too. */
const LOADED_MS = 3_000
/** How long a frame may take if there is not even a load event. */
const STARTED_MS = 10_000
/** How often `hello` is sent: the page in the frame may take a moment to listen. */
const HELLO_MS = 500

/**
 * What the frame may do: run our scripts with our origin, open links in a tab, and download the transcript. Forms, modals
 * and top navigation are not allowed.
 */
const SANDBOX = 'allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-downloads'

export interface ConnectionOptions {
  /** The console's origin, with the path below which it is served */
  src: string
  server: string
  /** What a screen reader calls the frame. */
  label: string
  root: ShadowRoot
  /** The console listens now. It needs a launch, also after each reload of the frame. */
  onReady: () => void
  onEvent: (event: EmbedEvent) => void
  onTrouble: (trouble: Trouble) => void
}

/** One frame with a console, from its creation to its removal. */
export class Connection {
  readonly #options: ConnectionOptions
  readonly #frame = document.createElement('iframe')
  readonly #channel: EmbedChannel
  readonly #ended = new AbortController()
  #ready = false
  #greeting: ReturnType<typeof setInterval> | undefined
  #watch: ReturnType<typeof setTimeout> | undefined

  constructor(options: ConnectionOptions) {
    this.#options = options
    const { src, server, label } = options
    this.#channel = new EmbedChannel({
      origin: new URL(src).origin,
      peer: () => this.#frame.contentWindow,
      onEvent: (event) => this.#received(event),
    })
    this.#frame.setAttribute('sandbox', SANDBOX)
    this.#frame.allow = 'clipboard-read; clipboard-write; fullscreen'
    this.#frame.referrerPolicy = 'no-referrer'
    this.#frame.title = label
    this.#frame.src = src + paths.embed(server)
    const { signal } = this.#ended
    this.#frame.addEventListener('load', () => this.#loaded(), { signal })
    document.addEventListener('securitypolicyviolation', (event) => this.#forbidden(event), { signal })
  }

  start(): void {
    const { src, root, onTrouble } = this.#options
    root.append(this.#frame)
    if (isMixedContent(location.origin, src)) onTrouble({ reason: 'mixed-content', src })
    else this.#watchFor(STARTED_MS)
  }

  get ready(): boolean {
    return this.#ready
  }

  set label(label: string) {
    this.#frame.title = label
  }

  send(command: Command): void {
    this.#channel.send(command)
  }

  focus(options?: FocusOptions): void {
    this.#frame.focus(options)
    if (this.#ready) this.send({ type: 'focus' })
  }

  close(): void {
    this.#ended.abort()
    clearTimeout(this.#watch)
    clearInterval(this.#greeting)
    this.#channel.close()
    this.#frame.remove()
  }

  #loaded(): void {
    this.#ready = false
    clearInterval(this.#greeting)
    const greet = () => this.send({ type: 'hello' })
    greet()
    this.#greeting = setInterval(greet, HELLO_MS)
    this.#watchFor(LOADED_MS)
  }

  #received(event: EmbedEvent): void {
    if (event.type === 'ready') {
      // Every greeting is answered, so `ready` may come several times.
      if (this.#ready) return
      this.#ready = true
      clearTimeout(this.#watch)
      clearInterval(this.#greeting)
      this.#options.onReady()
    }
    this.#options.onEvent(event)
  }

  #watchFor(ms: number): void {
    clearTimeout(this.#watch)
    this.#watch = setTimeout(() => void this.#diagnose(), ms)
  }

  /** Asks the server why the frame is silent. A browser does not tell a page that it refused a frame. */
  async #diagnose(): Promise<void> {
    clearInterval(this.#greeting)
    const trouble = await this.#cause()
    // The frame may have answered meanwhile.
    if (!this.#ready && !this.#ended.signal.aborted) this.#options.onTrouble(trouble)
  }

  async #cause(): Promise<Trouble> {
    const { src } = this.#options
    const asked = { credentials: 'omit', signal: AbortSignal.timeout(STARTED_MS) } as const
    let answer: Response
    try {
      answer = await fetch(src + paths.embedCheck(), asked)
    } catch {
      return { reason: 'unreachable', src }
    }
    const check = EmbedCheck.safeParse(await answer.json().catch(() => null))
    return check.success ? judge(check.data, src, location.origin) : { reason: 'not-a-console', src }
  }

  #forbidden({ effectiveDirective, blockedURI, disposition }: SecurityPolicyViolationEvent): void {
    const { src, onTrouble } = this.#options
    const { origin } = new URL(src)
    if (disposition !== 'enforce' || effectiveDirective !== 'frame-src' || !blockedURI.startsWith(origin))
      return
    clearTimeout(this.#watch)
    clearInterval(this.#greeting)
    onTrouble({ reason: 'page-policy', src: origin, directive: effectiveDirective })
  }
}
