import { EMBED_VERSION, EmbedCommand, EmbedEvent } from '../shared/embed.ts'

type Bare<C> = C extends unknown ? Omit<C, 'channel' | 'version'> : never
/** A command without its envelope. */
export type Command = Bare<EmbedCommand>

export interface ChannelOptions {
  /** The console's exact origin: nothing is taken from, or sent to, any other. */
  origin: string
  /** The frame's window; null while there is none. */
  peer: () => Window | null
  onEvent: (event: EmbedEvent) => void
}

/** The two ends' messages, from one frame and one origin only. */
export class EmbedChannel {
  readonly #options: ChannelOptions
  readonly #listener = (message: MessageEvent<unknown>) => {
    const { origin, peer, onEvent } = this.#options
    if (message.origin !== origin || message.source === null || message.source !== peer()) return
    const event = EmbedEvent.safeParse(message.data)
    // Another version's, or nobody's: the contract has no answer to it.
    if (event.success) onEvent(event.data)
  }

  constructor(options: ChannelOptions) {
    this.#options = options
    window.addEventListener('message', this.#listener)
  }

  /** @throws TypeError where the contract does not allow the command */
  send(command: Command): void {
    const parsed = EmbedCommand.safeParse({ channel: 'bms-console', version: EMBED_VERSION, ...command })
    if (!parsed.success) {
      const [issue] = parsed.error.issues
      throw new TypeError(`${command.type}: ${issue?.path.join('.')} is not allowed: ${issue?.message}`)
    }
    const { origin, peer } = this.#options
    peer()?.postMessage(parsed.data, origin)
  }

  close(): void {
    window.removeEventListener('message', this.#listener)
  }
}
