import { EMBED_VERSION, EmbedCommand, EmbedEvent } from '../shared/embed.ts'

type Bare<C> = C extends unknown ? Omit<C, 'channel' | 'version'> : never
/** A command without its envelope. */
export type Command = Bare<EmbedCommand>

export interface ChannelOptions {
  /** The console's exact origin. No message comes from any other, or goes to it. */
  origin: string
  /** The frame's window. Null while there is none. */
  peer: () => Window | null
  onEvent: (event: EmbedEvent) => void
}

/** Exchanges messages with one frame of one origin. */
export class EmbedChannel {
  readonly #options: ChannelOptions
  readonly #listener = (message: MessageEvent<unknown>) => {
    const { origin, peer, onEvent } = this.#options
    if (message.origin !== origin || message.source === null || message.source !== peer()) return
    const event = EmbedEvent.safeParse(message.data)
    // A message of another version, or of nobody we know, gets no answer.
    if (event.success) onEvent(event.data)
  }

  constructor(options: ChannelOptions) {
    this.#options = options
    window.addEventListener('message', this.#listener)
  }

  /** @throws TypeError if the contract does not allow the command */
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
