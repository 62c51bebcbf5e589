import type { Clock } from '../../shared/clock.ts'
import {
  INPUT_WINDOW,
  type LineState,
  type RelayMessage,
  type StreamClaim,
  type WhyDropped,
} from '../../shared/relay-protocol.ts'
import { type Rate, TokenBucket } from '../../shared/token-bucket.ts'
import { type InputStream, InputStreams, type StreamOwner, type StreamReader } from './input-stream.ts'
import type { LinePort } from './line.ts'
import { LineInput } from './line-input.ts'

/** Bytes that the writer's terminal may answer the machine: a program that asks more often than this is broken. */
const ANSWERS: Rate = { burst: 4 * 1024, perSecond: 2 * 1024 }

export interface SessionInputOptions {
  line: LinePort
  /** A person's bytes go to the gateway. */
  onHanded(bytes: Buffer, client: string): void
  clock: Clock
}

/** A page that joins with its stream. */
interface Typing extends StreamOwner {
  input: StreamClaim
  /** The stream of its page load before this one */
  before: StreamClaim | null
}

/** What a page is told of its streams when it joins */
export type Greeting = Pick<Extract<RelayMessage, { type: 'hello' }>, 'line' | 'input' | 'before'>

/** All that goes to a session's machine: what people type, with what became of it, and what a terminal answers. */
export class SessionInput {
  readonly #options: SessionInputOptions
  readonly #streams = new InputStreams()
  readonly #line: LineInput
  /** Made with the first answer: few lines ever see one. */
  #answers: TokenBucket | null = null
  /** How many connections were open so far. */
  #opens = 0
  /** The one that takes keys, or that will: see `hello.line`. */
  #connection = 0
  #onSettled: () => void = () => {}

  constructor(options: SessionInputOptions) {
    this.#options = options
    this.#line = new LineInput({
      send: (bytes) => options.line.send(bytes),
      onHanded: options.onHanded,
    })
  }

  /** @returns the page's stream, and what the page is told of it */
  join(typing: Typing, reader: StreamReader): { stream: InputStream; greeting: Greeting } {
    const { client, input, before } = typing
    const earlier = before && this.#streams.find(client, before)
    const { stream, isNew } = this.#streams.join(typing, input)
    stream.reader = reader
    const greeting = {
      line: this.#connection,
      input: { ...stream.state(input.known), window: INPUT_WINDOW, isNew },
      before: before && earlier ? earlier.state(before.known) : null,
    }
    return { stream, greeting }
  }

  leave(stream: InputStream): void {
    this.#streams.leave(stream)
  }

  /**
   * A person typed.
   * @param refused why it goes nowhere; null: it goes to the machine
   * @returns false: the page sent more than its window, and none of this counts
   */
  type(stream: InputStream, bytes: Buffer, refused: WhyDropped | null): boolean {
    if (stream.waiting + bytes.length > INPUT_WINDOW) return false
    this.#line.type(stream, bytes, refused)
    return true
  }

  /** The writer's terminal answers the machine. Too many answers are dropped: nobody waits for them. */
  answer(client: string, text: string): void {
    const bytes = Buffer.from(text, 'utf8')
    this.#answers ??= new TokenBucket(ANSWERS, this.#options.clock)
    if (bytes.length > 0 && this.#answers.take(bytes.length)) this.#line.answer(client, bytes)
  }

  /** The keyboard is this client's now. What others have typed and has not left goes back to them. */
  keep(client: string | null): void {
    this.#line.keep(client)
  }

  /** The connection is gone, and the line is about to be lost. */
  gone(): void {
    this.#line.gone()
  }

  lineChanged(state: LineState): void {
    switch (state.gateway) {
      case 'opening':
        return this.#line.opening()
      case 'open':
        this.#connection = state.line
        this.#opens = state.line
        return this.#line.opened()
      case 'lost':
        // Keys that were meant for the last connection must not go to the next one, though that is not open yet.
        if (this.#opens > 0) this.#connection = this.#opens + 1
        return this.#line.lost()
    }
  }

  written(count: number): void {
    this.#line.written(count)
  }

  proved(...[count, proof]: Parameters<LineInput['proved']>): void {
    this.#line.proved(count, proof)
    if (this.#line.settled) this.#onSettled()
  }

  /** @returns once the gateway has shown that it has all that was typed. That may never be. */
  settle(): Promise<void> {
    if (this.#line.settled) return Promise.resolve()
    return new Promise((resolve) => {
      this.#onSettled = resolve
    })
  }

  /** The session ends. */
  end(): void {
    this.#line.lost()
  }
}
