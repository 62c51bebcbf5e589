import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Dropped } from '../../../shared/relay-protocol.ts'
import { InputLedger, RESEND_MS } from './input-ledger.ts'
import { countKeys } from './lost-input.ts'

const encode = (text: string) => new TextEncoder().encode(text)
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
const WINDOW = 16

let ledger: InputLedger
beforeEach(() => {
  ledger = new InputLedger('stream')
})

type Joined = Parameters<InputLedger['joined']>[0]
type Input = Partial<Joined['input']>

/** The relay lets us in, and we have the keyboard. */
function joins(
  input: Input = {},
  change: Partial<Omit<Joined, 'input'>> = {},
  { now = 0, ours = true } = {},
) {
  ledger.joined(
    {
      session: 'session-1',
      line: 1,
      before: null,
      ...change,
      input: { next: 0, proved: 0, window: WINDOW, dropped: [], isNew: false, ...input },
    },
    now,
  )
  ledger.keyboard(ours)
}
/** All that may leave now, as text. */
function leaves(): string {
  let text = ''
  ledger.flush((bytes) => {
    text += decode(bytes)
    return true
  })
  return text
}
const lost = () => [ledger.lost?.notSent ?? 0, ledger.lost?.unknown ?? 0, decode(ledger.lostBytes)]
const none = [0, 0, '']

describe('typing', () => {
  it('before there is a line waits for it, however long that takes', () => {
    ledger.type(encode('root'), 0)
    expect(leaves()).toBe('')
    joins({ isNew: true }, {}, { now: 60_000 })
    expect(leaves()).toBe('root')
    expect(lost()).toEqual(none)
  })

  it('waits for the first word about the keyboard, and is given back if it is not ours', () => {
    ledger.type(encode('ls'), 0)
    joins({}, {}, { ours: false })
    expect(leaves()).toBe('')
    expect(lost()).toEqual([2, 0, 'ls'])
  })

  it('of an attempt that failed is announced, and so is what is typed until the next works', () => {
    ledger.type(encode('a'), 0)
    ledger.closed()
    ledger.type(encode('b'), 0)
    expect(lost()).toEqual([2, 0, 'ab'])
  })

  it('is held up by the window, and goes on with each receipt', () => {
    joins()
    ledger.type(encode('0123456789'), 0)
    ledger.type(encode('0123456789'), 0)
    expect(leaves()).toBe('0123456789012345')
    expect(ledger.isWaiting).toBe(true)
    ledger.taken(3)
    expect(leaves()).toBe('678')
    ledger.dropped({ from: 3, to: 4, fate: 'never-sent' })
    // Nothing goes past a loss by itself.
    expect(leaves()).toBe('')
    expect(lost()).toEqual([2, 0, '39'])
  })
})

describe('a receipt', () => {
  it('ends what is remembered of the bytes', () => {
    joins()
    ledger.type(encode('password'), 0)
    leaves()
    expect(ledger.memory).toEqual({ stream: 'stream', known: 0, sent: 8 })
    ledger.taken(8)
    expect(ledger.memory).toBeNull()
    joins({ next: 8, proved: 8 })
    expect(lost()).toEqual(none)
  })

  it('of what was dropped out of turn counts once the numbers before are known', () => {
    joins()
    ledger.type(encode('abcdef'), 0)
    leaves()
    ledger.dropped({ from: 2, to: 4, fate: 'never-sent' })
    expect(ledger.claim.known).toBe(0)
    ledger.taken(2)
    expect(ledger.claim.known).toBe(4)
    ledger.taken(6)
    expect([ledger.claim.known, ...lost()]).toEqual([6, 2, 0, 'cd'])
  })
})

describe('after a break', () => {
  beforeEach(() => {
    joins()
    ledger.type(encode('abc'), 1_000)
    leaves()
    ledger.closed()
    ledger.type(encode('d'), 1_500)
  })

  it('what the relay never got goes out again, in order, if the line is the same and the break was short', () => {
    joins({ next: 1, proved: 1 }, {}, { now: 3_000 })
    expect(leaves()).toBe('bcd')
    expect(lost()).toEqual(none)
  })

  it.each<[string, Input, Partial<Omit<Joined, 'input'>>, number]>([
    ['the line broke meanwhile', { next: 1, proved: 1 }, { line: 2 }, 3_000],
    ['it took long', { next: 1, proved: 1 }, {}, 1_000 + RESEND_MS],
  ])('it is announced instead where %s', (_, input, change, now) => {
    joins(input, change, { now })
    expect(leaves()).toBe('')
    expect(lost()).toEqual([3, 0, 'bcd'])
    expect(ledger.claim.known).toBe(1)
    ledger.type(encode('e'), now)
    expect(leaves()).toBe('e')
  })

  it('it is announced where another viewer has the keyboard now', () => {
    joins({ next: 1, proved: 1 }, {}, { now: 3_000, ours: false })
    expect(lost()).toEqual([3, 0, 'bcd'])
  })

  it('nothing goes past a loss: half a command is worse than none', () => {
    const dropped = [{ from: 0, to: 1, fate: 'unknown' as const, why: 'line-lost' as const }]
    joins({ next: 2, proved: 2, dropped }, {}, { now: 3_000 })
    expect(leaves()).toBe('')
    expect(lost()).toEqual([2, 1, 'acd'])
  })

  it('what the relay has is still under way', () => {
    joins({ next: 3, proved: 0 }, {}, { now: 3_000 })
    expect(leaves()).toBe('d')
    ledger.dropped({ from: 1, to: 4, fate: 'unknown' })
    ledger.taken(1)
    expect([ledger.claim.known, ...lost()]).toEqual([4, 0, 3, 'bcd'])
  })

  it.each<[string, Input, Partial<Omit<Joined, 'input'>>]>([
    ['another session', { isNew: true }, { session: 'session-2' }],
    ['a relay that forgot the stream', { isNew: true }, {}],
  ])('%s knows nothing of what left, so it may have arrived', (_, input, change) => {
    joins(input, change, { now: 2_000 })
    expect(leaves()).toBe('')
    expect(lost()).toEqual([1, 3, 'abcd'])
    ledger.type(encode('e'), 2_000)
    expect(leaves()).toBe('e')
  })

  it('what waits is given back after some seconds, and more is not taken', () => {
    ledger.expired()
    ledger.type(encode('e'), 7_000)
    expect(lost()).toEqual([2, 0, 'de'])
  })

  it('an end leaves nothing untold', () => {
    ledger.ended()
    expect(lost()).toEqual([1, 3, 'abcd'])
    expect(ledger.memory).toBeNull()
  })
})

describe('the relay’s own line', () => {
  it('takes nothing while it is lost, and keeps what is typed while it opens', () => {
    joins()
    ledger.lineLost()
    ledger.type(encode('a'), 0)
    expect(lost()).toEqual([1, 0, 'a'])
    ledger.lineOpening()
    ledger.type(encode('b'), 0)
    expect(leaves()).toBe('b')
  })

  it('is another one after it opened again', () => {
    joins({}, { line: 0 })
    ledger.lineOpening()
    ledger.lineOpened(1)
    ledger.type(encode('a'), 0)
    leaves()
    ledger.closed()
    joins({}, { line: 1 })
    expect(leaves()).toBe('a')
    ledger.closed()
    joins({}, { line: 2 })
    expect(lost()).toEqual([1, 0, 'a'])
  })
})

describe('bytes that have an owner', () => {
  it('are told to it when they are lost, and to nobody else', () => {
    const told: [number, string][] = []
    joins()
    ledger.type(encode('ls'), 0)
    ledger.type(encode('abcdef'), 0, (from, fate) => told.push([from, fate]))
    ledger.flush(() => true)
    ledger.taken(4)
    ledger.dropped({ from: 4, to: 6, fate: 'unknown' })
    ledger.dropped({ from: 6, to: 8, fate: 'never-sent' })
    expect(told).toEqual([
      [2, 'unknown'],
      [4, 'never-sent'],
    ])
    expect(lost()).toEqual(none)
  })

  it('hold up what was typed behind them, as any loss does', () => {
    joins()
    ledger.type(encode('abcdef'), 0, () => {})
    ledger.flush(() => true)
    ledger.closed()
    ledger.type(encode('x'), 0)
    joins({ next: 6, proved: 0, dropped: [{ from: 0, to: 6, why: 'line-lost', fate: 'unknown' }] })
    expect(leaves()).toBe('')
    expect(lost()).toEqual([1, 0, 'x'])
  })
})

describe('a socket that is gone', () => {
  it('gives back what it did not take, and all that waited behind it', () => {
    joins()
    ledger.type(encode('ab'), 0)
    ledger.type(encode('c'), 0)
    ledger.flush(() => false)
    expect(lost()).toEqual([3, 0, 'abc'])
    expect(ledger.memory).toBeNull()
  })
})

describe('a direct line', () => {
  it('tells nothing but its output: what was typed since may not have arrived', () => {
    ledger.type(encode('\r'), 0)
    ledger.openedDirect()
    expect(leaves()).toBe('\r')
    ledger.heardDirect()
    ledger.type(encode('reboot'), 0)
    expect(leaves()).toBe('reboot')
    ledger.closed()
    expect(lost()).toEqual([0, 6, 'reboot'])
    ledger.type(encode('x'), 0)
    expect(lost()).toEqual([1, 6, 'rebootx'])
    ledger.openedDirect()
    ledger.type(encode('y'), 0)
    expect(leaves()).toBe('y')
  })
})

describe('what was lost', () => {
  it('is taken out once, to be typed again', () => {
    joins()
    ledger.lineLost()
    ledger.type(encode('ls\r'), 0)
    ledger.lineOpening()
    ledger.type(ledger.takeLost(), 0)
    expect(leaves()).toBe('ls\r')
    expect(lost()).toEqual(none)
  })

  it('is only counted where it is too much to keep', () => {
    joins()
    ledger.lineLost()
    ledger.type(encode('x'.repeat(65_537)), 0)
    expect(ledger.lost).toEqual({ notSent: 65_537, unknown: 0, hasText: false })
    expect(ledger.lostBytes).toHaveLength(0)
  })

  it.each<[string, number]>([
    ['ls -l\r', 6],
    ['\x1b[A\x1bOB\x1b[15~\x1b', 4],
    ['žluť日本🚀', 7],
  ])('is counted in keys: %j', (text, keys) => expect(countKeys(text)).toBe(keys))
})

describe('a reload', () => {
  const before = { stream: 'before', known: 10, sent: 20 }
  const told = () => ledger.lost && [ledger.lost.notSent, ledger.lost.unknown, ledger.lost.hasText]
  beforeEach(() => {
    ledger.recall(before)
  })

  it('asks for the fate of the numbers that it left behind, until it has heard it', () => {
    expect(ledger.claimBefore).toEqual({ stream: 'before', known: 10 })
    expect(ledger.memory).toEqual(before)
    joins({}, { before: { next: 20, proved: 20, dropped: [] } })
    expect(ledger.claimBefore).toBeNull()
    expect(told()).toBeNull()
  })

  it('counts what never reached the relay, what was dropped, and what nobody knows', () => {
    const dropped = [
      { from: 10, to: 12, fate: 'never-sent' as const, why: 'line-down' as const },
      { from: 15, to: 16, fate: 'unknown' as const, why: 'line-lost' as const },
    ]
    // 10 and 11 dropped, 12 and 13 proved, 14 to 17 at the relay, 15 of them dropped; 18 and 19 never came.
    joins({}, { before: { next: 18, proved: 14, dropped } })
    expect(told()).toEqual([4, 4, false])
  })

  it('knows nothing where the relay does not, and on a direct line', () => {
    joins({}, { before: null })
    expect(told()).toEqual([0, 10, false])
    ledger = new InputLedger('stream')
    ledger.recall(before)
    ledger.openedDirect()
    expect(told()).toEqual([0, 10, false])
  })
})

/** A relay and its gateway, as far as input goes. Each typed byte is one of its own. */
class ModelRelay {
  readonly arrived: number[] = []
  line = 1
  up = true
  ours = true
  next = 0
  proved = 0
  session = 1
  #queue: { number: number; byte: number }[] = []
  /** In the gateway's socket, not proved. */
  #written: { number: number; byte: number; arrives: boolean }[] = []
  dropped: Dropped[] = []

  take(bytes: Uint8Array) {
    for (const byte of bytes) {
      const number = this.next++
      if (!this.ours || !this.up) this.drop(number, 'never-sent')
      else this.#queue.push({ number, byte })
    }
  }
  write(count: number, arrives: boolean) {
    for (const each of this.#queue.splice(0, count)) {
      // A connection that lost one byte carries none after it.
      const carries = arrives && this.#written.every((earlier) => earlier.arrives)
      this.#written.push({ ...each, arrives: carries })
      if (carries) this.arrived.push(each.byte)
    }
  }
  /** The gateway answers for what it has. */
  prove() {
    while (this.#written[0]?.arrives) this.proved = (this.#written.shift()?.number ?? 0) + 1
  }
  lose() {
    this.up = false
    for (const { number } of this.#written.splice(0)) this.drop(number, 'unknown')
    this.giveBack()
  }
  open() {
    this.up = true
    this.line += 1
  }
  giveBack() {
    for (const { number } of this.#queue.splice(0)) this.drop(number, 'never-sent')
  }
  drop(number: number, fate: Dropped['fate']) {
    this.dropped.push({ from: number, to: number + 1, why: 'line-lost', fate })
  }
  get floor() {
    const [written] = this.#written
    const [queued] = this.#queue
    return written?.number ?? queued?.number ?? this.next
  }
}

const operation = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('type' as const), count: fc.integer({ min: 1, max: 6 }) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('deliver' as const), count: fc.integer({ min: 1, max: 4 }) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      count: fc.integer({ min: 1, max: 5 }),
      arrives: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.constant({ kind: 'prove' as const }) },
  { weight: 4, arbitrary: fc.constant({ kind: 'hear' as const }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('cut' as const), lands: fc.integer({ min: 0, max: 4 }) }),
  },
  { weight: 5, arbitrary: fc.constant({ kind: 'join' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'lose' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'open' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('hand' as const), ours: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 4_000 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
)

it('types nothing twice and loses nothing in silence, whatever is cut when', () => {
  fc.assert(
    fc.property(fc.array(operation, { minLength: 5, maxLength: 120 }), (operations) => {
      const mine = new InputLedger('stream')
      let relay = new ModelRelay()
      const arrived: number[] = []
      const typed: number[] = []
      let now = 0
      let attached = false
      /** Frames on their way to the relay. */
      let wire: Uint8Array[] = []
      /** The ledger has heard of so many drops and proofs. */
      let heardDrops = 0
      const pump = () => {
        mine.flush((bytes) => wire.push(bytes) > 0)
      }
      const hear = () => {
        if (!attached) return
        for (; heardDrops < relay.dropped.length; heardDrops++) {
          const range = relay.dropped[heardDrops]
          if (range) mine.dropped(range)
        }
        mine.taken(Math.min(relay.proved, relay.floor))
      }
      const join = () => {
        if (attached) return
        const isNew = relay.next === 0 && mine.claim.known > 0
        if (isNew) relay.next = relay.proved = mine.claim.known
        mine.joined(
          {
            session: `session-${relay.session}`,
            line: relay.line,
            before: null,
            input: {
              next: relay.next,
              proved: relay.proved,
              window: 8,
              dropped: relay.dropped.filter(({ from }) => from >= mine.claim.known),
              isNew,
            },
          },
          now,
        )
        heardDrops = relay.dropped.length
        attached = true
        if (!relay.up) mine.lineLost()
        mine.keyboard(relay.ours)
      }
      for (const step of operations) {
        switch (step.kind) {
          case 'type':
            for (let i = 0; i < step.count && typed.length < 94; i++) {
              // Each has a character of its own.
              const byte = 0x20 + typed.length
              typed.push(byte)
              mine.type(Uint8Array.of(byte), now)
            }
            break
          case 'deliver':
            for (const bytes of wire.splice(0, step.count)) relay.take(bytes)
            break
          case 'write':
            if (relay.up) relay.write(step.count, step.arrives)
            break
          case 'prove':
            relay.prove()
            break
          case 'hear':
            hear()
            break
          case 'cut':
            for (const bytes of wire.slice(0, step.lands)) relay.take(bytes)
            wire = []
            if (attached) mine.closed()
            attached = false
            break
          case 'join':
            join()
            break
          case 'lose':
            if (!relay.up) break
            relay.lose()
            if (attached) {
              hear()
              mine.lineLost()
            }
            break
          case 'open':
            if (relay.up) break
            relay.open()
            if (!attached) break
            mine.lineOpening()
            mine.lineOpened(relay.line)
            break
          case 'hand':
            relay.ours = step.ours
            if (!step.ours) relay.giveBack()
            if (!attached) break
            hear()
            mine.keyboard(step.ours)
            break
          case 'wait':
            now += step.ms
            if (!attached) mine.expired()
            break
          case 'restart': {
            arrived.push(...relay.arrived)
            const { session } = relay
            relay = new ModelRelay()
            relay.session = session + 1
            heardDrops = 0
            wire = []
            if (attached) mine.closed()
            attached = false
          }
        }
        pump()
      }
      // All comes to rest: each byte is at the gateway, or is announced.
      join()
      pump()
      for (const bytes of wire) relay.take(bytes)
      if (relay.up) {
        relay.write(Number.POSITIVE_INFINITY, true)
        relay.prove()
        relay.lose()
      }
      hear()
      mine.ended()
      arrived.push(...relay.arrived)
      const lost = [...mine.lostBytes]
      // In order, and once at most.
      expect(arrived).toEqual([...new Set(arrived)].sort((a, b) => a - b))
      expect(lost).toHaveLength(new Set(lost).size)
      expect(new Set([...arrived, ...lost])).toEqual(new Set(typed))
      // What arrived and was announced all the same was announced as possible.
      const both = lost.filter((byte) => arrived.includes(byte))
      expect(both.length).toBeLessThanOrEqual(mine.lost?.unknown ?? 0)
    }),
    { numRuns: 2_000 },
  )
})
