import fc from 'fast-check'
import pino from 'pino'
import { describe, expect, it } from 'vitest'
import { INPUT_WINDOW, type RelayMessage, type StreamState } from '../../shared/relay-protocol.ts'
import { ManualClock } from '../../testing/clock.ts'
import { LineLog } from '../line-log/line-log.ts'
import { LineHealth } from '../metrics/line-health.ts'
import { noMeter } from '../metrics/meter.ts'
import type { LineHandlers, LinePort } from './line.ts'
import { Session } from './session.ts'
import type { AttachedViewer } from './viewer-port.ts'

type Fate = 'taken' | 'never-sent' | 'unknown'

/** A machine behind a gateway. The test decides what leaves the relay, what arrives, and what is proved. */
class Wire implements LinePort {
  machine: number[] = []
  #wire: number[] = []
  #sent = 0
  #written = 0
  #arrived = 0
  #connections = 0
  #state: 'down' | 'opening' | 'open' = 'opening'
  constructor(readonly handlers: LineHandlers) {}
  readonly state = { type: 'state', gateway: 'opening', attempt: 0, failure: null } as const
  open = () => this.handlers.onState(this.state)
  send = (bytes: Buffer) => {
    this.#wire.push(...bytes)
    this.#sent += bytes.length
  }
  retryNow = () => {}
  attended = () => {}
  pause = () => {}
  resume = () => {}
  close = async () => {}
  /** The next thing that can happen to the connection */
  turn(): void {
    switch (this.#state) {
      case 'open':
        return this.lose()
      case 'down':
        this.#state = 'opening'
        return this.open()
      case 'opening':
        this.#state = 'open'
        this.#sent = this.#written = this.#arrived = 0
        this.#connections += 1
        this.handlers.onState({ type: 'state', gateway: 'open', line: this.#connections })
    }
  }
  lose(): void {
    this.#state = 'down'
    this.#wire = []
    const failure = { cause: 'gateway-closed' } as const
    this.handlers.onState({ type: 'state', gateway: 'lost', failure, retryInMs: 1_000 })
  }
  leave(bytes: number): void {
    if (this.#state !== 'open' || this.#written === this.#sent) return
    this.#written = Math.min(this.#sent, this.#written + bytes)
    this.handlers.onWritten(this.#written)
  }
  arrive(bytes: number): void {
    const count = Math.min(bytes, this.#written - this.#arrived)
    this.machine.push(...this.#wire.splice(0, count))
    this.#arrived += count
  }
  prove(): void {
    if (this.#state === 'open') this.handlers.onProved(this.#arrived, 'pong')
  }
}

/** What one page load typed: each byte, and its fate as far as the page has heard. */
interface Ledger {
  stream: string
  bytes: { byte: number; fate: Fate | null }[]
}

/** A tab that types. It keeps what a page keeps, and checks what it hears. */
class Tab {
  readonly loads: Ledger[] = []
  #viewer: AttachedViewer | null = null
  /** Lost lines that it has read of and not yet answered. */
  #losses = 0
  #random = 1
  constructor(
    readonly session: Session,
    readonly name: string,
    /** Its bytes have this in their upper two bits. */
    readonly mark: number,
  ) {
    this.#load()
    this.comeBack()
  }

  get ledger(): Ledger {
    const last = this.loads.at(-1)
    if (!last) throw new Error('A page was loaded.')
    return last
  }

  type(bytes: number, arrive: boolean): void {
    if (!this.#viewer) return
    if (this.ledger.bytes.length - this.#known(this.ledger) + bytes > INPUT_WINDOW) return
    const typed = Array.from({ length: bytes }, () => this.#byte())
    this.ledger.bytes.push(...typed.map((byte) => ({ byte, fate: null })))
    if (arrive) this.#viewer.input(Buffer.from(typed))
    else this.cut()
  }

  takeKeyboard(): void {
    this.#viewer?.message({ type: 'take' })
  }

  cut(): void {
    this.#viewer?.left()
    this.#viewer = null
  }

  reload(): void {
    this.cut()
    this.#load()
    this.comeBack()
  }

  comeBack(): void {
    if (this.#viewer) return
    const ledger = this.ledger
    const before = this.loads.at(-2)
    let gone = false
    this.#losses = 0
    const port = {
      send() {},
      bufferedBytes: 0,
      notify: (message: RelayMessage) => {
        if (!gone) this.#hear(ledger, before, message)
      },
      close: () => {
        gone = true
      },
    }
    const viewer = this.session.attach(port, {
      client: this.name,
      person: this.name,
      party: this.name,
      name: this.name,
      mayWrite: true,
      mayRecord: false,
      mayEnd: false,
      offset: null,
      earlier: [],
      input: { stream: ledger.stream, known: this.#known(ledger) },
      before: before ? { stream: before.stream, known: this.#known(before) } : null,
      onEvent() {},
    })
    this.#viewer = {
      ...viewer,
      left: () => {
        gone = true
        viewer.left()
      },
    }
    this.#answerLosses()
  }

  #answerLosses(): void {
    while (this.#viewer && this.#losses > 0) {
      this.#losses -= 1
      this.#viewer.message({ type: 'heard' })
    }
  }

  #load(): void {
    this.loads.push({ stream: `${this.name}-${this.loads.length}`, bytes: [] })
  }

  #known({ bytes }: Ledger): number {
    const first = bytes.findIndex(({ fate }) => fate === null)
    return first === -1 ? bytes.length : first
  }

  #hear(ledger: Ledger, before: Ledger | undefined, message: RelayMessage): void {
    switch (message.type) {
      case 'hello':
        if (message.before && before) this.#settle(before, message.before)
        return this.#settle(ledger, message.input)
      case 'state':
        if (message.gateway === 'lost') this.#losses += 1
        return this.#answerLosses()
      case 'taken':
        return this.#taken(ledger, message.upTo)
      case 'dropped':
        // Nothing is told twice on one connection.
        expect(ledger.bytes.slice(message.from, message.to).every(({ fate }) => fate === null)).toBe(true)
        this.#dropped(ledger, message)
    }
  }

  #settle(ledger: Ledger, { next, proved, dropped }: StreamState): void {
    expect(next).toBeLessThanOrEqual(ledger.bytes.length)
    // The relay has never seen these, so the numbers are free again.
    expect(ledger.bytes.splice(next).every(({ fate }) => fate === null)).toBe(true)
    for (const range of dropped) this.#dropped(ledger, range)
    this.#taken(ledger, proved)
  }

  #taken({ bytes }: Ledger, upTo: number): void {
    expect(upTo).toBeLessThanOrEqual(bytes.length)
    for (const typed of bytes.slice(0, upTo)) typed.fate ??= 'taken'
  }

  #dropped({ bytes }: Ledger, { from, to, fate }: { from: number; to: number; fate: Fate }): void {
    expect(to).toBeLessThanOrEqual(bytes.length)
    const range = bytes.slice(from, to)
    // It may be told again after a connection was lost, but never differently.
    expect(range.every((typed) => typed.fate === null || typed.fate === fate)).toBe(true)
    for (const typed of range) typed.fate = fate
  }

  #byte(): number {
    this.#random = (this.#random * 48_271) % 2_147_483_647
    return (this.mark << 6) | (this.#random & 0x3f)
  }
}

/** Whether the machine got all that was taken, nothing that was never sent, each once, and all in order. */
function agrees(tab: Tab, machine: number[]): boolean {
  const got = machine.filter((byte) => byte >> 6 === tab.mark)
  // How many of the bytes that the machine has may be explained so far
  let reached = new Set([0])
  for (const { byte, fate } of tab.loads.flatMap(({ bytes }) => bytes)) {
    if (fate === 'never-sent') continue
    const next = new Set(fate === 'taken' ? [] : reached)
    for (const at of reached) if (got[at] === byte) next.add(at + 1)
    reached = next
  }
  return reached.has(got.length)
}

const who = fc.nat(2)
const size = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5_000 }))
const event = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant('keys'), who, size, arrive: fc.constant(true) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('keys'), who, size, arrive: fc.constant(false) }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constantFrom('leave', 'arrive'), size }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constantFrom('prove', 'turn') }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constantFrom('take', 'cut', 'reload', 'back'), who }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('wait'), size: fc.constantFrom(1_000, 11_000) }) },
)

describe('numbered input', () => {
  it('gets one fate for each number, true and in order, through cuts, reloads, lost lines and a moving keyboard', () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 20, maxLength: 200 }), (events) => {
        let wire: Wire | undefined
        const clock = new ManualClock()
        const session = new Session({
          id: 'session-1',
          serverId: 'linux-1',
          log: pino({ level: 'silent' }),
          lineLog: new LineLog({ session: 'session-1', keptBytes: 1024, clock, wall: clock, stored: null }),
          graceMs: 60_000_000,
          maxViewers: 10,
          maxViewersPerUser: 10,
          idleMs: null,
          totalMs: null,
          health: new LineHealth(noMeter, clock),
          openLine: (handlers) => {
            wire = new Wire(handlers)
            return wire
          },
          recording: null,
          onReleased() {},
          clock,
        })
        const tabs = ['ada', 'bob', 'cyd'].map((name, mark) => new Tab(session, name, mark))
        wire?.turn()
        for (const event of events) {
          const tab = 'who' in event ? tabs[event.who] : undefined
          switch (event.type) {
            case 'keys':
              if ('arrive' in event) tab?.type(event.size, event.arrive)
              break
            case 'take':
              tab?.takeKeyboard()
              break
            case 'cut':
              tab?.cut()
              break
            case 'reload':
              tab?.reload()
              break
            case 'back':
              tab?.comeBack()
              break
            case 'leave':
              if ('size' in event) wire?.leave(event.size)
              break
            case 'arrive':
              if ('size' in event) wire?.arrive(event.size)
              break
            case 'prove':
              wire?.prove()
              break
            case 'turn':
              wire?.turn()
              break
            case 'wait':
              if ('size' in event) clock.advance(event.size)
          }
        }
        wire?.lose()
        for (const tab of tabs) {
          tab.cut()
          tab.comeBack()
          const fates = tab.loads.slice(-2).flatMap(({ bytes }) => bytes.map(({ fate }) => fate))
          expect(fates).not.toContain(null)
          expect(agrees(tab, wire?.machine ?? [])).toBe(true)
        }
      }),
      { numRuns: 80 },
    )
  })
})
