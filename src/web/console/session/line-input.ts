import type { Clock } from '../../../shared/clock.ts'
import { TokenBucket } from '../../../shared/token-bucket.ts'
import { readWhole, utf8 } from '../encoding/encodings.ts'
import { type Obstacle, PasteJob } from '../paste/paste-job.ts'
import type { RelayEvent, Transport } from '../transport/transport.ts'
import type { OnLost } from './input-ledger.ts'
import { keyObstacle, lineStatus } from './line-status.ts'
import type { SessionOptions } from './session-options.ts'
import type { NotSent, SessionSnapshot } from './snapshot.ts'
import { Typing, type TypingMemory } from './typing.ts'
import { hasKeyboard } from './viewers.ts'

/** A program asks once in a while. A machine that asks without end must not type for ever. Characters. */
const ANSWERS = { burst: 4 * 1024, perSecond: 2 * 1024 }
const CTRL_C = 0x03

interface LineInputOptions {
  terminal: SessionOptions['terminal']
  memory: TypingMemory
  clock: Clock
  snapshot: () => SessionSnapshot
  show: (change: Pick<SessionSnapshot, 'paste'> | Pick<SessionSnapshot, 'lost'>) => void
  /** A person typed, or tried to. */
  onKey: () => void
  onNotSent: (why: NotSent) => void
}

/** All that goes from the page to the machine: what a person types and pastes, and what the terminal answers. */
export class LineInput {
  readonly pasting: PasteJob
  readonly #typing: Typing
  readonly #answers: TokenBucket
  readonly #options: LineInputOptions
  #transport: Transport | null = null

  constructor(options: LineInputOptions) {
    const { terminal, memory, clock, show } = options
    this.#options = options
    this.pasting = new PasteJob({
      port: {
        obstacle: () => this.#obstacle(),
        wantsMarks: () => terminal.bracketedPaste,
        send: (bytes, onLost) => this.#sendPasted(bytes, onLost),
        // A direct line acknowledges nothing.
        tellsLosses: () => options.snapshot().transport === 'relay',
      },
      clock,
      onChange: (paste) => show({ paste }),
    })
    this.#answers = new TokenBucket(ANSWERS, clock)
    const read = (bytes: Uint8Array) => this.#read(bytes)
    this.#typing = new Typing({ memory, clock, read, onLost: (lost) => show({ lost }) })
    terminal.onInput((bytes) => this.send(bytes))
    terminal.onAnswer((text) => this.#answer(text))
  }

  /** Types on the line. Where nothing may be typed the page says so, and what does not arrive is announced. */
  send(bytes: Uint8Array<ArrayBuffer>): void {
    if (bytes.length === 1 && bytes[0] === CTRL_C) this.pasting.interrupt()
    const { viewers, may } = this.#options.snapshot()
    if (this.#transport && !hasKeyboard(viewers)) {
      this.#options.onNotSent(may?.write === false ? 'may-not-write' : 'not-writer')
      return
    }
    this.#options.onKey()
    const { kind } = this.#options.snapshot().state
    if (kind === 'idle' || kind === 'ended') return
    this.#options.terminal.echo?.(bytes)
    this.#typing.type(bytes)
  }

  sendText(text: string): void {
    const bytes = this.#encoding.encode(text)
    if (!bytes) return this.#refuse(text)
    if (this.#obstacle() === null) this.#options.terminal.passes?.(text)
    this.send(bytes)
  }

  /** Keys typed meanwhile go in between. Ctrl+C ends it. */
  paste(text: string): void {
    const obstacle = this.pasting.start(text, this.#encoding)
    if (obstacle === null) return
    if (obstacle === 'lacking') return this.#refuse(text)
    this.send(new Uint8Array())
    // A key would wait for a line that is being opened. A paste does not begin there.
    if (obstacle !== 'not-writer') this.#options.onNotSent('line-down')
  }

  /** What was lost, as it was typed. */
  get lostText(): string {
    return this.#read(this.#typing.lostBytes)
  }

  /** Types again what was lost. */
  sendAgain = () => {
    const bytes = this.#typing.takeLost()
    const send = () => this.send(bytes)
    const { terminal } = this.#options
    if (terminal.again) terminal.again(this.#read(bytes), send)
    else send()
  }
  dismissLost = () => void this.#typing.takeLost()

  /** What the relay must know to go on with our input. */
  get resumePoint() {
    return this.#typing.resumePoint
  }

  attach(transport: Transport): void {
    this.#transport = transport
    this.#typing.attach(transport)
  }

  /** @param line the relay's number for it; null: it is a direct one */
  opened(line: number | null): void {
    this.#typing.opened(line)
  }

  /** The machine said something. */
  heard(): void {
    this.#typing.heard()
  }

  relayed(event: RelayEvent): void {
    if (event.type === 'dropped') {
      // Before the paste hears which of its bytes were lost, it hears why.
      const { why } = event
      this.pasting.dropped(why === 'line-down' || why === 'line-lost' ? 'line-down' : 'not-writer')
    }
    this.#typing.relayed(event)
  }

  /** Who has the keyboard was told. */
  keyboard(ours: boolean): void {
    this.#typing.keyboard(ours)
  }

  /** @param forGood no attempt follows by itself */
  closed(forGood: boolean): void {
    this.#transport = null
    this.#typing.closed(forGood)
  }

  dispose(): void {
    this.pasting.dispose()
    this.#typing.dispose()
    this.#transport = null
  }

  get #encoding() {
    return this.#options.terminal.encoding ?? utf8
  }

  #read(bytes: Uint8Array): string {
    return readWhole(this.#encoding, bytes)
  }

  #refuse(text: string): void {
    this.#options.terminal.refused?.(this.#encoding.lacking(text))
  }

  #obstacle(): Obstacle | null {
    return keyObstacle(lineStatus(this.#options.snapshot()))
  }

  #sendPasted(bytes: Uint8Array<ArrayBuffer>, onLost: OnLost) {
    const obstacle = this.#obstacle()
    if (obstacle || !this.#transport) return obstacle ?? 'line-down'
    if (this.#typing.isHeldUp) return 'no-room'
    this.#options.terminal.echo?.(bytes)
    this.#typing.type(bytes, onLost)
    return 'sent'
  }

  /** Nobody is told where an answer goes nowhere, since nobody typed it. */
  #answer(text: string): void {
    if (this.#obstacle() || !this.#answers.take(text.length)) return
    this.#transport?.answer(text)
  }
}
