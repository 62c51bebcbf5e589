import type { BrowserContext, Page } from '@playwright/test'
import { RECORD_BYTES, recordOf } from './records.ts'

/** What one page, from its load to its end, took in of the stream. All offsets are of serial bytes. */
export interface Intake {
  /** The first byte; null before it was let in. */
  from: number | null
  /** The byte that comes next. */
  position: number
  /** Stretches that the relay said are missing. */
  gaps: [from: number, to: number][]
  /** Times that it joined the session. */
  joins: number
  /** What should not have happened, the first few of it. */
  wrong: string[]
}

declare global {
  interface Window {
    intakes: () => Intake[]
  }
}

/** Runs inside the page, before its own code. */
function watch(record: typeof recordOf, recordBytes: number): void {
  const KEY = 'e2e.intakes'
  const earlier: Intake[] = JSON.parse(sessionStorage.getItem(KEY) ?? '[]')
  const intake: Intake = { from: null, position: 0, gaps: [], joins: 0, wrong: [] }
  window.intakes = () => [...earlier, intake]
  window.addEventListener('pagehide', () => sessionStorage.setItem(KEY, JSON.stringify(window.intakes())))
  const blame = (what: string) => void (intake.wrong.length < 5 && intake.wrong.push(what))

  // What the relay tells: in its place between the bytes, since both come by the same worker.
  let asked: number | null = null
  let session = ''
  const hear = (text: string) => {
    const message = JSON.parse(text)
    if (message.type === 'hello') {
      intake.joins += 1
      if (intake.from === null) {
        intake.from = message.replayFrom
        session = message.session
      } else {
        if (message.session !== session) blame(`another session at ${intake.position}`)
        if (asked !== intake.position) blame(`asked for ${asked}, having all below ${intake.position}`)
        if (message.replayFrom < intake.position) blame(`doubled from ${message.replayFrom}`)
        if (message.replayFrom > intake.position) intake.gaps.push([intake.position, message.replayFrom])
      }
      intake.position = message.replayFrom
    } else if (message.type === 'gap') {
      intake.gaps.push([intake.position, intake.position + message.lostBytes])
      intake.position += message.lostBytes
    }
  }
  let latest: Worker | null = null
  window.Worker = class extends Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options)
      latest = this
      this.addEventListener('message', ({ data }) => {
        if (data.type === 'text' && latest === this) hear(data.text)
      })
    }
    override postMessage(message: { type: string; text?: string }, transfer?: unknown) {
      const told = message.type === 'text' ? JSON.parse(message.text ?? '') : null
      if (told?.type === 'resume') asked = told.offset
      super.postMessage(message, transfer as Transferable[])
    }
  }

  // The session decodes each piece once, in order, when it takes it in.
  const encoder = new TextEncoder()
  let expected = new Uint8Array()
  let expectedNumber = -1
  const take = (bytes: Uint8Array) => {
    for (const byte of bytes) {
      const number = Math.floor(intake.position / recordBytes)
      if (number !== expectedNumber) {
        expected = encoder.encode(record(number))
        expectedNumber = number
      }
      if (byte !== expected[intake.position % recordBytes]) blame(`a wrong byte at ${intake.position}`)
      intake.position += 1
    }
  }
  // An answer over HTTP that comes in pieces is decoded alike.
  const answers = new WeakSet<object>()
  const { read } = ReadableStreamDefaultReader.prototype
  ReadableStreamDefaultReader.prototype.read = async function () {
    const piece = await read.call(this)
    if (piece.value) answers.add(piece.value)
    return piece
  }
  const { decode } = TextDecoder.prototype
  TextDecoder.prototype.decode = function (input, options) {
    if (options?.stream && input instanceof Uint8Array && !answers.has(input)) take(input)
    return decode.call(this, input, options)
  }
}

/** From now on every page of this context compares each byte that it takes in with the source's. */
export const watchIntake = (context: BrowserContext): Promise<unknown> =>
  context.addInitScript({ content: `(${watch})(${recordOf}, ${RECORD_BYTES})` })

/** One for each page since the tab was opened. A reload begins another. */
export const intakes = (page: Page): Promise<Intake[]> => page.evaluate(() => window.intakes())
