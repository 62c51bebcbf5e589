import { describe, expect, it } from 'vitest'
import type { IssuedConsole } from '../../../shared/api.ts'
import { backoff } from '../../../shared/backoff.ts'
import type { Cause, Failure } from '../../../shared/cause.ts'
import { issuedConsole } from '../../../testing/web/fake-line.ts'
import { initialModel, type SessionEffect, type SessionEvent, type SessionModel } from './model.ts'
import { reduce } from './state.ts'

type Transport = 'direct' | 'relay'

/** The machine, with a clock of its own. Every wait takes its full length. */
class Machine {
  model: SessionModel = initialModel
  machineAway = false
  readonly effects: SessionEffect[] = []
  #now = 0

  send(event: SessionEvent): this {
    const now = { wall: this.#now, steady: this.#now }
    const { machineAway } = this
    const [model, effects] = reduce(this.model, event, { now, machineAway, random: 0 })
    this.model = model
    this.effects.push(...effects)
    return this
  }

  pass(ms: number): this {
    this.#now += ms
    return this
  }

  get state() {
    return this.model.state
  }

  /** How long the wait is that has just begun. */
  get waitMs(): number {
    if (this.state.kind !== 'waiting') throw new Error(this.state.kind)
    return this.state.wait.ms
  }

  /** The types of the effects since the last look. */
  done(): string[] {
    return this.effects.splice(0).map(({ type }) => type)
  }

  connect = () => this.send({ type: 'connect' })
  key = () => this.send({ type: 'keystroke' })
  online = () => this.send({ type: 'online' })
  due = () => this.send({ type: 'due', ...this.#own })
  given = (transport: Transport = 'direct') =>
    this.send({ type: 'issued', console: issuedConsole[transport], ageMs: 0, ...this.#own })
  /** The server does not reach the gateway itself. */
  givenInPlace = () => {
    const console: IssuedConsole = { ...issuedConsole.direct, unreached: 'timeout' }
    return this.send({ type: 'issued', console, ageMs: 0, ...this.#own })
  }
  joined = (kept = false, seamed = false) => this.send({ type: 'joined', kept, seamed, ...this.#own })
  opened = (spoke = false) => this.send({ type: 'opened', spoke, ...this.#own })
  bytes = (replayed = false, earlier = false) => this.send({ type: 'bytes', replayed, earlier, ...this.#own })
  lost = (cause: Cause = 'gateway-closed', retryInMs = 4_000) =>
    this.send({ type: 'line-lost', failure: { cause }, retryInMs, ...this.#own })
  lineOpening = () => this.send({ type: 'line-opening', ...this.#own })
  fails = (cause: Cause = 'gateway-closed', retryAfter?: number) =>
    this.failsWith({ cause, ...(retryAfter === undefined ? {} : { retryAfter }) })
  failsWith = (failure: Failure) => this.send({ type: 'failed', failure, ...this.#own })

  /** The gateway accepts, says nothing and hangs up at once. */
  hangsUp = () => this.given().opened().pass(100).fails()
  /** Waits to its end, and tries again. */
  tries = () => this.pass(60_000).due()

  get #own() {
    return { generation: this.model.generation }
  }
}

const live = () => new Machine().connect().given().opened().bytes()
const shared = () => new Machine().connect().given('relay').joined().opened().bytes()

describe('a line', () => {
  it('is live only after the first byte', () => {
    const machine = new Machine().connect().given().opened()
    expect(machine.state.kind).toBe('silent')
    expect(machine.bytes().state.kind).toBe('live')
  })

  it('is not live by what the relay had kept', () => {
    const machine = new Machine().connect().given('relay').joined().bytes(true)
    expect(machine.state.kind).toBe('opening')
    expect(machine.opened().bytes(true).state.kind).toBe('silent')
    expect(machine.bytes().state.kind).toBe('live')
  })

  it('that is lost gets a fresh URL, and the gap is joined with a seam', () => {
    const machine = live().fails().online().given().opened().bytes()
    expect(machine.done()).toEqual(['issue', 'open', 'close', 'clean-modes', 'wait', 'issue', 'open', 'seam'])
  })

  it('ignores events of an older attempt', () => {
    const machine = live().fails().online()
    machine.send({ type: 'bytes', generation: 1, replayed: false, earlier: false })
    expect(machine.state.kind).toBe('issuing')
  })
})

describe('a gateway that hangs up without a byte', () => {
  it('is asked with three fresh links, and then refuses this page', () => {
    const machine = new Machine().connect().hangsUp()
    expect(machine.state).toMatchObject({ kind: 'waiting', failure: { cause: 'origin-doubtful' } })
    machine.tries().hangsUp().tries().hangsUp()
    expect(machine.state).toMatchObject({ kind: 'ended', failure: { cause: 'origin-refused' } })
  })

  it('is tried for as long as the page is open if this page has heard the machine before', () => {
    const machine = live().fails()
    const waits: number[] = []
    for (let tries = 0; tries < 100; tries++) {
      machine.tries().hangsUp()
      expect(machine.state).toMatchObject({ kind: 'waiting', failure: { cause: 'gateway-hung-up' } })
      waits.push(machine.waitMs)
    }
    expect(waits.slice(0, 7)).toEqual([2, 4, 8, 16, 30, 30, 30].map((s) => s * 1_000))
    machine.tries().given().opened().bytes()
    expect(machine.state.kind).toBe('live')
  })

  it('does not refuse this page while the machine is off or being created', () => {
    const machine = new Machine()
    machine.machineAway = true
    machine.connect()
    for (let tries = 0; tries < 10; tries++) machine.hangsUp().tries()
    expect(machine.state.kind).toBe('issuing')
    // Now it is there, and three fresh links tell.
    machine.machineAway = false
    machine.hangsUp().tries().hangsUp().tries().hangsUp()
    expect(machine.state).toMatchObject({ kind: 'ended', failure: { cause: 'origin-refused' } })
  })

  it('is tried on also after somebody disconnected and connected again', () => {
    const machine = live().send({ type: 'disconnect' }).connect()
    for (let tries = 0; tries < 5; tries++) machine.hangsUp().tries()
    expect(machine.state.kind).toBe('issuing')
  })

  it('behind a relay has had its fresh links, unless it let us in before', () => {
    expect(new Machine().connect().given('relay').joined().opened().fails('gateway-hung-up').state.kind).toBe(
      'ended',
    )
    expect(shared().fails('gateway-hung-up').state.kind).toBe('waiting')
    // This page has heard nothing yet, but the relay's line had spoken.
    const joined = new Machine().connect().given('relay').joined().opened(true)
    expect(joined.fails('gateway-hung-up').state.kind).toBe('waiting')
  })
})

describe('the waits', () => {
  /** What a gateway that prints a line and closes makes of it. */
  const speaksAndCloses = (machine: Machine, afterMs: number) =>
    machine.given().opened().bytes().pass(afterMs).fails()

  it('grow while lines come back only to be lost again', () => {
    const machine = live().fails()
    const waits = [machine.waitMs]
    for (let tries = 0; tries < 5; tries++) {
      speaksAndCloses(machine.tries(), 1_000)
      waits.push(machine.waitMs)
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 30].map((s) => s * 1_000))
  })

  it('begin anew after a line that stood for half a minute', () => {
    const machine = live().fails()
    speaksAndCloses(machine.tries(), 29_999)
    expect(machine.waitMs).toBe(2_000)
    speaksAndCloses(machine.tries(), 30_000)
    expect(machine.waitMs).toBe(1_000)
  })

  it('begin anew each time that the relay lets us back onto the line where we were', () => {
    const back = (machine: Machine) => machine.tries().given('relay').joined(true).opened(true)
    const machine = back(shared().fails('network-lost').tries().fails('proxy-unreachable'))
    machine.pass(1_000).fails('network-lost')
    expect(machine.waitMs).toBe(1_000)
  })

  it('are as short as the relay says of a line that moves, until that leads nowhere', () => {
    const moves = (machine: Machine) => machine.failsWith({ cause: 'line-moved', spreadMs: 20 })
    const machine = moves(shared())
    expect(machine.waitMs).toBe(20)
    // It moves again soon.
    moves(machine.tries().given('relay').joined().opened())
    expect(machine.waitMs).toBe(20)
    moves(machine.tries())
    expect(machine.waitMs).toBe(4_000)
  })

  it('count how long we were with the relay, whatever its line did', () => {
    const joined = (machine: Machine) => machine.tries().given('relay').joined().opened()
    const machine = joined(shared().fails('proxy-restarting'))
    machine.pass(1_000).fails('proxy-restarting')
    expect(machine.waitMs).toBe(2_000)
    joined(machine).lost().pass(30_000).fails('network-lost')
    expect(machine.waitMs).toBe(1_000)
  })

  it('begin anew where the way to the relay was good for a while, as with replicas that end one after the other', () => {
    const machine = shared().pass(2_000).fails('proxy-unreachable')
    for (let deaths = 0; deaths < 5; deaths++) {
      machine.tries().fails('proxy-unreachable').tries().given('relay').joined().opened()
      machine.pass(2_000).fails('proxy-unreachable')
      expect(machine.waitMs).toBe(1_000)
    }
    // What is wrong with the line is another matter.
    machine.tries().given('relay').joined().opened().bytes().pass(2_000).fails('gateway-closed')
    expect(machine.waitMs).toBe(2_000)
  })

  it('grow once for who is let in and soon dropped, whatever failed before, and never end at once', () => {
    const machine = shared().fails('proxy-unreachable')
    for (let deaths = 0; deaths < 50; deaths++) {
      machine.tries().fails('proxy-unreachable').tries().fails('proxy-restarting')
      machine.tries().given('relay').joined().pass(50).fails('proxy-unreachable')
      expect(machine.waitMs).toBe(2_000)
    }
    // Who is not let in waits longer and longer.
    expect(machine.tries().given('relay').fails('proxy-unreachable').waitMs).toBe(4_000)
    expect(machine.tries().fails('proxy-unreachable').waitMs).toBe(8_000)
  })

  it('begin anew when a person connects after an end', () => {
    const machine = live().fails().tries().fails('cloud-error').tries().fails('unsupported-os')
    expect(machine.connect().fails('cloud-error').waitMs).toBe(1_000)
  })

  it.each([
    ['a key', (machine: Machine) => machine.key()],
    ['the button', (machine: Machine) => machine.connect()],
    ['the network', (machine: Machine) => machine.online()],
  ])('are cut short by %s, and do not grow if that fails', (_, hurry) => {
    const machine = live().fails().tries().fails('cloud-error')
    expect(machine.waitMs).toBe(2_000)
    for (let times = 0; times < 3; times++) {
      hurry(machine.pass(1_500))
      expect(machine.state.kind).toBe('issuing')
      expect(machine.fails('cloud-error').waitMs).toBe(2_000)
    }
    expect(machine.tries().fails('cloud-error').waitMs).toBe(4_000)
  })

  it('are cut short by one key of a burst only', () => {
    const machine = live().fails()
    expect(machine.key().state.kind).toBe('issuing')
    machine.fails('cloud-error').done()
    for (let keys = 0; keys < 30; keys++) machine.pass(30).key()
    expect(machine.state.kind).toBe('waiting')
    expect(machine.done()).toEqual([])
    expect(machine.pass(100).key().state.kind).toBe('issuing')
  })

  it('that the cloud asked for are cut short by the button, but by no key', () => {
    const machine = live().fails('throttled', 17)
    expect(machine.waitMs).toBe(17_000)
    expect(machine.pass(2_000).key().state.kind).toBe('waiting')
    expect(machine.connect().state.kind).toBe('issuing')
  })

  it('have 1, 2, 4 … 30 s', () => {
    expect([0, 1, 2, 3, 4, 5, 9].map((attempt) => backoff(attempt, 0))).toEqual(
      [1, 2, 4, 8, 16, 30, 30].map((s) => s * 1000),
    )
  })
})

describe('a line that the relay brings back', () => {
  it('shows the cause and the wait of the last try, not of the first loss', () => {
    const machine = shared().lost('gateway-closed', 1_000).pass(1_200).lost('cloud-unreachable', 2_000)
    expect(machine.state).toMatchObject({
      kind: 'recovering',
      failure: { cause: 'cloud-unreachable' },
      wait: { since: { wall: 1_200 }, ms: 2_000 },
    })
  })

  it('is tried at once for the button and for a key, but not for each key', () => {
    const machine = shared().lost()
    machine.done()
    expect(machine.key().done()).toEqual(['retry-line'])
    expect(machine.pass(500).key().done()).toEqual([])
    expect(machine.connect().done()).toEqual([])
    expect(machine.pass(500).connect().done()).toEqual(['retry-line'])
    expect(machine.state.kind).toBe('recovering')
  })

  it('is joined by the relay’s own seam, not by another', () => {
    const machine = shared().lost().lineOpening().opened().bytes()
    expect(machine.done()).not.toContain('seam')
  })

  it('is joined by our seam if the session was lost, too', () => {
    const machine = shared().lost().pass(5_000).fails('proxy-restarting').tries()
    machine.given('relay').joined().opened().bytes()
    expect(machine.effects.at(-1)).toEqual({ type: 'seam', ms: 65_000 })
  })

  it('has no seam of the time away where a restart is told', () => {
    const machine = shared().fails('proxy-unreachable').tries().given('relay').joined(false, true)
    const done = machine.opened().bytes().done()
    expect(done).toContain('clean-modes')
    expect(done).not.toContain('seam')
  })

  it('has a seam before what another session has kept', () => {
    const machine = shared().fails('network-lost').tries().given('relay').joined()
    machine.done()
    expect(machine.bytes(true).opened(true).bytes().done()).toEqual(['seam'])
  })
})

describe('the terminal’s modes', () => {
  const cleaned = (machine: Machine) => machine.done().includes('clean-modes')

  it('are put back where a direct line ends, however it ends', () => {
    expect(cleaned(live().fails())).toBe(true)
    expect(cleaned(live().fails('protocol-error'))).toBe(true)
    expect(cleaned(live().send({ type: 'disconnect' }))).toBe(true)
  })

  it('stay where the relay may go on with the program that set them', () => {
    const ways: ((machine: Machine) => Machine)[] = [
      (machine) => machine.fails('network-lost'),
      (machine) => machine.fails('sign-in-needed'),
      (machine) => machine.fails('taken-over'),
      (machine) => machine.send({ type: 'disconnect' }),
    ]
    for (const end of ways) {
      const machine = end(shared())
      expect(cleaned(machine)).toBe(false)
      machine.connect().given('relay').joined(true).opened(true)
      expect(cleaned(machine)).toBe(false)
    }
  })

  it('are put back where the relay has another session by then', () => {
    const machine = shared().send({ type: 'disconnect' }).connect().given('relay')
    expect(cleaned(machine)).toBe(false)
    expect(cleaned(machine.joined(false))).toBe(true)
  })

  it.each<Cause>(['operator-ended', 'idle-limit', 'time-limit', 'no-viewer'])(
    'are put back where the relay’s session is over: %s',
    (cause) => {
      expect(cleaned(shared().fails(cause))).toBe(true)
    },
  )

  it('are put back once', () => {
    const machine = shared().fails('operator-ended')
    expect(cleaned(machine)).toBe(true)
    expect(cleaned(machine.connect().given('relay').joined(false))).toBe(false)
  })
})

it('a key on a lost line has it tried at once', () => {
  const machine = live().fails()
  machine.done()
  expect(machine.key().done()).toEqual(['issue'])
  expect(machine.state.kind).toBe('issuing')
})

describe('a direct line in the place of the relay', () => {
  it.each(['gateway-unreachable', 'gateway-not-encrypted', 'gateway-forbidden'] as const)(
    'that fails with %s is moved to the relay at once',
    (why) => {
      const machine = new Machine().connect().givenInPlace().fails(why)
      expect(machine.state.kind).toBe('issuing')
      expect(machine.model.relayOnly).toEqual({ type: 'direct-failed', why })
      expect(machine.done()).toEqual(['issue', 'open', 'close', 'issue'])
      machine.given('relay').joined()
      expect(machine.model.relayOnly).toEqual({ type: 'relayed' })
      // What fails there waits, as ever: there was one more link.
      expect(machine.fails('gateway-unreachable').state.kind).toBe('waiting')
    },
  )

  it('says again why it was moved if the relay was not given', () => {
    const machine = new Machine().connect().givenInPlace().fails('gateway-unreachable').fails('throttled')
    expect(machine.state.kind).toBe('waiting')
    expect(machine.tries().model.relayOnly).toEqual({ type: 'direct-failed', why: 'gateway-unreachable' })
  })

  it('that is refused three times is moved, and not before', () => {
    const hangsUp = (machine: Machine) => machine.givenInPlace().opened().pass(100).fails()
    const machine = hangsUp(hangsUp(new Machine().connect()).tries()).tries()
    expect(machine.model.relayOnly).toBeNull()
    hangsUp(machine)
    expect(machine.state.kind).toBe('issuing')
    expect(machine.model.relayOnly).toEqual({ type: 'direct-failed', why: 'origin-refused' })
  })

  it('that led to the gateway is tried again, for it may lead there once more', () => {
    const machine = new Machine().connect().givenInPlace().opened().pass(60_000).fails()
    expect(machine.tries().givenInPlace().fails('gateway-unreachable').state.kind).toBe('waiting')
    expect(machine.model.relayOnly).toBeNull()
  })

  it('is not given up for a browser that is offline', () => {
    const machine = new Machine().connect().givenInPlace().fails('network-lost')
    expect([machine.state.kind, machine.model.relayOnly]).toEqual(['waiting', null])
  })

  it('is what a server decides: one that gives links alone is asked for them again', () => {
    const machine = new Machine().connect().given().fails('gateway-unreachable')
    expect([machine.state.kind, machine.model.relayOnly]).toEqual(['waiting', null])
    expect(new Machine().connect().given().fails('gateway-not-encrypted').state.kind).toBe('ended')
  })
})
