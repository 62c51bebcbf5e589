import { vi } from 'vitest'
import { WebSocket } from 'ws'
import { systemClock } from '../../shared/clock.ts'
import type { InputMemory } from '../../web/console/session/input-ledger.ts'
import type { Seam } from '../../web/console/session/output.ts'
import type { ConsoleSession } from '../../web/console/session/session.ts'
import { FakeFrame } from '../web/fake-terminal.ts'
import { KEY_BYTES, type KeyLedger, readKeys } from './keys.ts'
import { LINE_BYTES, lineOf } from './machine.ts'

/** What a page has of its browser. Two pages in one process take turns, so each enters its own before it uses it. */
export class Browser {
  static readonly #fetch = globalThis.fetch
  readonly #origin: string

  /** @param origin where the page came from */
  constructor(origin: string) {
    this.#origin = origin
  }

  enter(): void {
    const origin = this.#origin
    vi.stubGlobal('location', { origin })
    vi.stubGlobal('fetch', (path: string, init: RequestInit = {}) =>
      Browser.#fetch(new URL(path, origin), { ...init, headers: { ...init.headers, origin } }),
    )
    vi.stubGlobal(
      'WebSocket',
      class extends WebSocket {
        constructor(url: string, protocols: string[]) {
          super(url, protocols, { origin, perMessageDeflate: false })
          // A browser tells the page of no error, only of the close after it.
          this.on('error', () => {})
        }
      },
    )
  }
}

/** A person types less while nothing answers. */
const MOST_OPEN_BLINDLY = 200

/** A terminal that compares each line with the machine's. */
class LineReader {
  readonly size = { cols: 200, rows: 50 }
  readonly frame = new FakeFrame()
  readonly bracketedPaste = false
  readonly fullScreen = false
  readonly wrong: string[] = []
  #text = ''
  #last = -1
  /** The page said that something is missing, or this is its first line. */
  #mayJump = true
  readonly seams: Seam[] = []

  get last(): number {
    return this.#last
  }

  write(text: string, _muted: boolean, taken: () => void): void {
    this.#text += text
    let from = 0
    for (let end = this.#text.indexOf('\n'); end >= 0; end = this.#text.indexOf('\n', from)) {
      this.#read(this.#text.slice(from, end + 1))
      from = end + 1
    }
    this.#text = this.#text.slice(from)
    setImmediate(taken)
  }

  writeSeam(): void {
    this.#text = ''
    this.#mayJump = true
  }

  cleanModes(): void {}
  onInput(): void {}
  onAnswer(): void {}

  #read(line: string): void {
    const number = Number(/^#(\d{9}) /.exec(line)?.[1] ?? Number.NaN)
    const whole = line.length === LINE_BYTES && line === lineOf(number)
    // What follows a gap may begin inside a line.
    if (!whole && this.#mayJump) return
    if (!whole) this.#blame(`after line ${this.#last}: “${line.trim()}”`)
    else if (number <= this.#last) this.#blame(`line ${number} came after ${this.#last}`)
    else if (number > this.#last + 1 && !this.#mayJump) this.#blame(`line ${number} follows ${this.#last}`)
    this.#last = Math.max(this.#last, whole ? number : -1)
    this.#mayJump = false
  }

  #blame(what: string): void {
    if (this.wrong.length < 10) this.wrong.push(what)
  }
}

/** One tab: its session is the page's own. It types numbered keys while it may, and hears what became of them. */
export class Typist {
  readonly keys: KeyLedger
  /** Each page load has a screen of its own, and gets the relay's history anew. */
  readonly #readers: LineReader[] = []
  readonly #wrong: string[] = []
  loads = 0
  /** How many keys it types ahead of their fates. */
  eagerness = 0
  #session: ConsoleSession | null = null
  #stored: InputMemory | null = null
  /** Keys whose fate was open at the last reload. Of these the next page load knows only how many were lost. */
  #before: { numbers: number[]; notSent: number; unknown: number } | null = null
  readonly #open: (reader: LineReader) => ConsoleSession

  private constructor(keys: KeyLedger, open: (reader: LineReader) => ConsoleSession) {
    this.keys = keys
    this.#open = open
  }

  /** Each typist has modules of its own, as a tab has: they keep the tab's secret. */
  static async start(keys: KeyLedger, serverId: string, browser: Browser): Promise<Typist> {
    vi.resetModules()
    const [{ ConsoleSession }, { lineOpener }, { issueConsole }, { tabSecret }] = await Promise.all([
      import('../../web/console/session/session.ts'),
      import('../../web/console/transport/open.ts'),
      import('../../web/api/client.ts'),
      import('../../web/console/transport/client.ts'),
    ])
    const { open } = lineOpener(serverId)
    const typist = new Typist(
      keys,
      (reader) =>
        new ConsoleSession({
          async issue(signal, ask) {
            browser.enter()
            const client = await tabSecret()
            browser.enter()
            return issueConsole(serverId, { client, ask }, signal)
          },
          openTransport(...line) {
            browser.enter()
            return open(...line)
          },
          terminal: reader,
          seamText: (seam) => {
            reader.seams.push(seam)
            return ''
          },
          memory: {
            recall: () => typist.#recall(),
            keep: (memory) => {
              typist.#stored = memory
            },
          },
          clock: systemClock,
          random: Math.random,
        }),
    )
    typist.#load()
    return typist
  }

  get mayWrite(): boolean {
    return this.#session !== null && this.#isOpen && this.#session.mayWrite
  }

  /** For a message of a failed test. */
  get state(): string {
    return JSON.stringify(this.#session?.getSnapshot().state)
  }

  /** Types some keys, if there is room. */
  type(count: number): void {
    const session = this.#session
    if (!session) return
    const { kind } = session.getSnapshot().state
    if (kind === 'idle' || kind === 'ended' || !session.mayWrite || session.getSnapshot().viewers === null)
      return
    if (this.keys.open >= (this.#isOpen ? this.eagerness : MOST_OPEN_BLINDLY)) return
    const text = this.keys.type(this.#isOpen ? count : 1)
    if (text !== '') session.sendText(text)
  }

  takeKeyboard(): void {
    this.#session?.takeKeyboard()
  }

  reload(): void {
    this.#session?.dispose()
    const numbers = [...(this.#before?.numbers ?? []), ...this.keys.openNumbers()]
    const { notSent = 0, unknown = 0 } = this.#before ?? {}
    this.#before = { numbers: [...new Set(numbers)], notSent, unknown }
    this.#load()
  }

  /** Keys that were open at a reload and never came: as many must have been announced, and no more called not sent. */
  settle(): void {
    if (!this.#before) return
    const { numbers, notSent, unknown } = this.#before
    const lost = numbers.filter((number) => !this.keys.hasArrived(number)).length
    if (lost > notSent + unknown)
      this.#wrong.push(`${lost} keys lost by reloads, ${notSent + unknown} announced`)
    if (notSent > lost) this.#wrong.push(`${notSent} keys called not sent after reloads, ${lost} were not`)
  }

  /** What should not have happened, the first few of it. */
  get wrong(): string[] {
    return [...this.#wrong, ...this.keys.wrong, ...this.#readers.flatMap(({ wrong }) => wrong)]
  }

  /** The number of the last line that the present page load shows. */
  get lastLine(): number {
    return this.#readers.at(-1)?.last ?? -1
  }

  get gaps(): number {
    return this.seams.length
  }

  /** What the page said is missing */
  get seams(): readonly Seam[] {
    return this.#readers.flatMap(({ seams }) => seams)
  }

  /** Keys whose fate nobody told. */
  get untold(): number {
    const forgiven = new Set(this.#before?.numbers ?? [])
    return this.keys.openNumbers().filter((number) => !forgiven.has(number)).length
  }

  stop(): void {
    this.#session?.dispose()
    this.#session = null
  }

  get #isOpen(): boolean {
    const kind = this.#session?.getSnapshot().state.kind
    return kind === 'live' || kind === 'silent'
  }

  #recall(): InputMemory | null {
    const stored = this.#stored
    this.#stored = null
    return stored
  }

  #load(): void {
    this.loads += 1
    const reader = new LineReader()
    this.#readers.push(reader)
    const session = this.#open(reader)
    this.#session = session
    let busy = false
    session.subscribe(() => {
      if (busy || session.getSnapshot().lost === null) return
      busy = true
      queueMicrotask(() => {
        busy = false
        if (session === this.#session) this.#hear(session)
      })
    })
    session.connect()
  }

  /** The page announced lost keys. A person reads it and dismisses it. */
  #hear(session: ConsoleSession): void {
    const { lost } = session.getSnapshot()
    if (!lost) return
    const text = session.input.lostText
    session.input.dismissLost()
    const { notSent, unknown } = lost
    const told = notSent + unknown
    if (lost.hasText && text.length !== told)
      this.#wrong.push(`${told} keys announced, ${text.length} bytes shown`)
    if (text.length % KEY_BYTES !== 0) this.#wrong.push(`half a key announced: ${text.slice(0, 20)}`)
    // With both fates in one announcement the page does not say which is which.
    const fate = unknown === 0 ? 'notSent' : 'unknown'
    for (const { number } of readKeys(text)) this.keys.announce(number, fate)
    const textless = (told - text.length) / KEY_BYTES
    if (textless === 0) return
    if (!this.#before)
      this.#wrong.push(`${textless} keys announced without their text, and nothing was reloaded`)
    else if (fate === 'notSent') this.#before.notSent += textless
    else this.#before.unknown += textless
  }
}
