import { EMBED_VERSION, EmbedCommand, type EmbedEvent } from '../../shared/embed.ts'

/** An event without its envelope. */
export type Telling = EmbedEvent extends infer E ? (E extends EmbedEvent ? Omit<E, Envelope> : never) : never
type Envelope = 'channel' | 'version'

/** A command of the page around; `hello` is answered here. */
export type Order = Exclude<EmbedCommand, { type: 'hello' }>

export interface HostOptions {
  /** Exact origins of the pages that may embed this one. */
  origins: readonly string[]
  /** @param origin the page's, to which alone the message goes */
  post: (event: EmbedEvent, origin: string) => void
  onHello: () => void
  onOrder: (order: Order) => void
}

/** What of a browser's message event counts. */
export interface Heard {
  origin: string
  /** Its source is the window around this one. */
  fromParent: boolean
  data: unknown
}

/**
 * The page around, as far as it may be listened and talked to. It is one origin of the configured ones, that of the
 * first `hello`; before that nothing is sent, and of what is not in order nothing is answered.
 */
export class EmbedHost {
  /** Messages that were not for us, or not in order. */
  ignored = 0
  #peer: string | null = null
  /** What a page that greets late, or anew, has to know: where things stand. */
  readonly #standing = new Map<Telling['type'], Telling>()

  constructor(readonly options: HostOptions) {}

  get greeted(): boolean {
    return this.#peer !== null
  }

  receive({ origin, fromParent, data }: Heard): void {
    const { origins, onOrder, onHello } = this.options
    const expected = this.#peer === null ? origins.includes(origin) : origin === this.#peer
    const command = fromParent && expected ? EmbedCommand.safeParse(data).data : undefined
    if (!command || (this.#peer === null && command.type !== 'hello')) {
      this.ignored += 1
      return
    }
    if (command.type !== 'hello') return onOrder(command)
    this.#peer = origin
    this.#post({ type: 'ready' })
    for (const told of this.#standing.values()) this.#post(told)
    onHello()
  }

  tell(event: Telling): void {
    this.#remember(event)
    this.#post(event)
  }

  /** What was to be done by then is done. */
  settle(type: 'ticket-expiring' | 'error'): void {
    this.#standing.delete(type)
  }

  #remember(event: Telling): void {
    switch (event.type) {
      case 'state':
        if (event.state !== 'ended') this.#standing.delete('ended')
        if (event.state === 'live') this.#standing.delete('error')
        this.#standing.set('state', event)
        return
      case 'title':
      case 'error':
      case 'ended':
      case 'ticket-expiring':
        this.#standing.set(event.type, event)
        return
      // Of their moment only.
      case 'ready':
      case 'bell':
      case 'transcript':
    }
  }

  #post(event: Telling): void {
    if (this.#peer === null) return
    this.options.post({ channel: 'bms-console', version: EMBED_VERSION, ...event }, this.#peer)
  }
}

/** The edge: messages of the window around this one, where there is one. */
export function listenToParent(options: Omit<HostOptions, 'post'>): EmbedHost {
  const { parent } = window
  const host = new EmbedHost({ ...options, post: (event, origin) => parent.postMessage(event, origin) })
  // In a window of its own `parent` is this window itself.
  if (parent === window) return host
  window.addEventListener('message', ({ origin, source, data }: MessageEvent<unknown>) =>
    host.receive({ origin, fromParent: source === parent, data }),
  )
  return host
}
