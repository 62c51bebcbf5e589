import type { Clock } from '../../../shared/clock.ts'
import type { TerminalSize } from '../../../shared/terminal-size.ts'
import type { Transport } from '../transport/transport.ts'
import type { FramePort } from './session-options.ts'
import type { SharedLine, SharedLineEvent } from './shared-line.ts'
import { hasKeyboard } from './viewers.ts'

/** A window's edge that is dragged gives a size for each frame. */
const SETTLE_MS = 100

/**
 * One size for all terminals on a line, since the machine writes for one: the writer's. Ours is told to the relay, and
 * while another viewer writes, our terminal takes theirs.
 */
export class LineSize {
  readonly #frame: FramePort
  #transport: Transport | null = null
  #cancel = () => {}

  constructor(frame: FramePort, clock: Clock) {
    this.#frame = frame
    frame.onOwn(() => {
      this.#cancel()
      this.#cancel = clock.after(SETTLE_MS, () => this.#transport?.resized(frame.own))
    })
  }

  get own(): TerminalSize {
    return this.#frame.own
  }

  /** @param shared whether others may be on this line */
  attach(transport: Transport, shared: boolean): void {
    this.#transport = transport
    if (!shared) this.#frame.follow(null)
  }

  /** While the connection is away the terminal stays as it is. */
  heard({ type }: SharedLineEvent, { viewers, size }: SharedLine): void {
    if (viewers === null) return
    if (type === 'viewers' || type === 'size') this.#frame.follow(hasKeyboard(viewers) ? null : size)
  }

  closed(): void {
    this.#cancel()
    this.#transport = null
  }
}
