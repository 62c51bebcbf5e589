import { EMBED_VERSION, EmbedCommand, type EmbedEvent } from '../../shared/embed.ts'

/** An event without its envelope. */
export type HostEvent = EmbedEvent extends infer E
  ? E extends EmbedEvent
    ? Omit<E, Envelope>
    : never
  : never
type Envelope = 'channel' | 'version'

/** A command of the host page. `hello` is not among them: it is answered here. */
export type HostCommand = Exclude<EmbedCommand, { type: 'hello' }>

export interface HostOptions {
  /** Exact origins of the pages that may embed this one. */
  origins: readonly string[]
  /** @param origin the host page's: the message goes to no other */
  post: (event: EmbedEvent, origin: string) => void
  onHello: () => void
  onCommand: (command: HostCommand) => void
}

/** The parts of a browser's message event that count. */
export interface HostMessage {
  origin: string
  /** The sender is the window around this one. */
  fromParent: boolean
  data: unknown
}

/**
 * The host page, as far as it may be trusted. The first `hello` from a configured origin decides who it is. Nothing is
 * sent before that, and a message that is not in order gets no answer.
 */
export class EmbedHost {
  /** How many messages were not for us, or not in order. */
  ignored = 0
  #peer: string | null = null
  /** The latest events that are still true. A host page that greets late, or again, gets them all. */
  readonly #current = new Map<HostEvent['type'], () => HostEvent>()

  constructor(readonly options: HostOptions) {}

  receive({ origin, fromParent, data }: HostMessage): void {
    const { origins, onCommand, onHello } = this.options
    const expected = this.#peer === null ? origins.includes(origin) : origin === this.#peer
    const command = fromParent && expected ? EmbedCommand.safeParse(data).data : undefined
    if (!command || (this.#peer === null && command.type !== 'hello')) {
      this.ignored += 1
      return
    }
    if (command.type !== 'hello') return onCommand(command)
    this.#peer = origin
    this.#post({ type: 'ready' })
    for (const event of this.#current.values()) this.#post(event())
    onHello()
  }

  /** @param given the event; a function tells it anew each time, where it changes with time */
  send(given: HostEvent | (() => HostEvent)): void {
    const tell = typeof given === 'function' ? given : () => given
    const event = tell()
    this.#remember(event, tell)
    this.#post(event)
  }

  /** The event no longer holds: a host page that greets later must not get it. */
  forget(type: 'ticket-expiring' | 'error'): void {
    this.#current.delete(type)
  }

  #remember(event: HostEvent, tell: () => HostEvent): void {
    switch (event.type) {
      case 'state':
        if (event.state !== 'ended') this.#current.delete('ended')
        if (event.state === 'live') this.#current.delete('error')
        this.#current.set('state', tell)
        return
      case 'title':
      case 'size':
      case 'error':
      case 'ended':
      case 'ticket-expiring':
        this.#current.set(event.type, tell)
        return
      // These are true only for the moment.
      case 'ready':
      case 'bell':
      case 'key':
      case 'transcript':
    }
  }

  #post(event: HostEvent): void {
    if (this.#peer === null) return
    this.options.post({ channel: 'bms-console', version: EMBED_VERSION, ...event }, this.#peer)
  }
}

/** Connects `EmbedHost` to the window around this one, if there is one. */
export function listenToParent(options: Omit<HostOptions, 'post'>): EmbedHost {
  const { parent } = window
  const host = new EmbedHost({ ...options, post: (event, origin) => parent.postMessage(event, origin) })
  // In a window of its own, `parent` is this window itself.
  if (parent === window) return host
  window.addEventListener('message', ({ origin, source, data }: MessageEvent<unknown>) =>
    host.receive({ origin, fromParent: source === parent, data }),
  )
  return host
}
