import { EventEmitter, once } from 'node:events'
import pino from 'pino'
import { afterEach, expect, it, vi } from 'vitest'
import { freePort } from '../../../e2e/lab/tools.ts'
import { defaultFleet } from '../../sandbox/fleet.ts'
import { startSandbox } from '../../sandbox/sandbox.ts'
import { openSandbox } from '../../server/clouds/sandbox.ts'
import { parseConfig } from '../../server/config.ts'
import { start } from '../../server/start.ts'
import { KeyLedger } from './keys.ts'
import { LINE_BYTES, NumberedMachine } from './machine.ts'
import { Network } from './network.ts'
import { random } from './random.ts'
import { realTime, scaleTime } from './scaled-time.ts'
import { Browser, Typist } from './typist.ts'

// Two tabs of one person type numbered keys on one line, while everything between them and the machine breaks. Pages,
// relay and their sockets are the real ones; only time passes 20 times as fast. Each key reaches the machine at most once
// and in order; each that does not is announced, and none that does is called lost. Each line that the machine prints is
// shown once, or its loss is.

const SEED = 20261126
/** `npm test` runs a short form with every kind of fault, `npm run test:faults` the whole. */
const form =
  process.env.FAULTS === 'all'
    ? { faults: 500, keys: 1_000_000, outputBytes: 50_000_000, linesAtOnce: 8, limitMs: 40 * 60_000 }
    : { faults: 16, keys: 30_000, outputBytes: 2_000_000, linesAtOnce: 14, limitMs: 120_000 }
const TIME = 20
const TYPE_MS = 2
const TURN_MS = 200
const SERVER = defaultFleet()[0]?.id ?? ''
const LINES = Math.ceil(form.outputBytes / LINE_BYTES)
const MOST_AT_ONCE = 60

const faults = [
  'cut',
  'reset',
  'swallow',
  'gateway-clean',
  'gateway-reset',
  'gateway-black-hole',
  'reload',
  'move',
] as const
type Fault = (typeof faults)[number]

/** Each kind comes as often; the order is the seed's. */
function plan(): { fault: Fault; page: number; afterKeys: number }[] {
  const next = random(SEED)
  const perFault = form.keys / form.faults
  return Array.from({ length: form.faults }, (_, index) => ({
    fault: faults[index % faults.length] ?? 'cut',
    order: next(),
    page: next() < 0.5 ? 0 : 1,
    // One in five comes right after the one before it: in a handshake, or while keys are handed back.
    afterKeys: next() < 0.2 ? next() * 20 : next() * 1.6 * perFault,
  })).sort((one, other) => one.order - other.order)
}

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
  realTime()
})

/** The whole of it: a machine, a relay, and two tabs, each with a network of its own. */
async function setUp() {
  const events = new EventEmitter()
  const moved = () => void events.emit('moved')
  const ledgers = [0, 1].map((page) => new KeyLedger(page, form.keys / 2))
  const machine = await NumberedMachine.start({
    lines: LINES,
    // The output lasts longer than the faults: its last line must not fall into a black hole.
    linesAtOnce: form.linesAtOnce,
    onKey(page, number) {
      ledgers[page]?.arrives(number)
      moved()
    },
  })
  const sandbox = await startSandbox({
    allowedOrigins: [],
    issueUrl: () => `http://${machine.address}/?token=faults`,
  })
  const port = await freePort()
  const networks = [await Network.start(port), await Network.start(port)]
  scaleTime(TIME)
  const page = new EventTarget()
  vi.stubGlobal('window', page)
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page))
  vi.stubGlobal('navigator', { onLine: true })
  const { close } = await start({
    config: parseConfig({
      BMS_CONSOLE_AUDIT: 'off',
      BMS_CONSOLE_PORT: String(port),
      BMS_CONSOLE_PUBLIC_ORIGINS: networks.map(({ origin }) => origin).join(','),
      BMS_CONSOLE_TRANSPORT: 'relay',
      BMS_CONSOLE_ISSUES_PER_MINUTE: '10000',
      // Everything runs in one process, and its time is short.
      BMS_CONSOLE_OVERLOAD_DELAY: '60000',
    }),
    cloud: {
      ...openSandbox(sandbox, 'huawei'),
      cloudName: 'Sandbox',
      gateways: [machine.address],
      sysrqSequence: null,
      notes: [],
      stop: () => sandbox.close(),
    },
    logger: pino({ level: 'silent' }),
    version: '0.0.0-faults',
  })
  const typists: Typist[] = []
  for (const [page, { origin }] of networks.entries()) {
    const ledger = ledgers[page]
    if (ledger) typists.push(await Typist.start(ledger, SERVER, new Browser(origin)))
  }
  cleanUps.push(() => machine.close(), close)
  for (const network of networks) cleanUps.push(() => network.close())
  for (const typist of typists) cleanUps.push(() => typist.stop())
  return { events, moved, machine, networks, typists }
}

it(
  `loses nothing in silence and doubles nothing in ${form.faults} faults`,
  async () => {
    const { events, moved, machine, networks, typists } = await setUp()
    const wrong = () => [...machine.wrong, ...typists.flatMap((typist) => typist.wrong)]
    /** Resolves when it holds; looks whenever something has happened. */
    const until = async (holds: () => boolean) => {
      while (!holds()) {
        await once(events, 'moved')
        expect(wrong()).toEqual([])
      }
    }
    const next = random(SEED + 1)
    const typing = setInterval(() => {
      for (const typist of typists) typist.type(1 + Math.floor(next() * MOST_AT_ONCE))
      moved()
    }, TYPE_MS * TIME)
    const writer = () => typists.find(({ mayWrite }) => mayWrite)
    const passKeyboard = () => typists.find((typist) => typist !== writer())?.takeKeyboard()
    // A page that has typed all its keys leaves the keyboard to the other.
    const turns = setInterval(() => {
      if (writer()?.keys.left === 0) passKeyboard()
    }, TURN_MS * TIME)
    cleanUps.push(() => {
      clearInterval(typing)
      clearInterval(turns)
    })
    const told = () => typists.reduce((sum, { keys }) => sum + keys.typed - keys.left - keys.open, 0)
    const allTyped = () => typists.every(({ keys }) => keys.left === 0)

    for (const { fault, page, afterKeys } of plan()) {
      // Some type more than the relay's window, so that keys wait in the page.
      for (const typist of typists) typist.eagerness = next() < 0.2 ? 6_000 : 500
      const wanted = told() + afterKeys
      await until(() => told() >= wanted || allTyped())
      switch (fault) {
        case 'cut':
        case 'reset':
          networks[page]?.cut(fault)
          break
        case 'swallow':
          networks[page]?.swallow()
          break
        case 'gateway-clean':
          machine.leave('clean')
          break
        case 'gateway-reset':
          machine.leave('reset')
          break
        case 'gateway-black-hole':
          machine.leave('black-hole')
          break
        case 'reload':
          typists[page]?.reload()
          break
        case 'move':
          passKeyboard()
      }
    }
    await until(() => allTyped() && typists.every(({ untold }) => untold === 0))
    await until(() => typists.every(({ lastLine }) => lastLine === LINES - 1))
    for (const typist of typists) typist.settle()
    expect(wrong()).toEqual([])

    const figures = typists.map(({ keys, gaps, loads }) => ({
      typed: keys.typed,
      arrived: keys.arrivals,
      notSent: keys.announcedNotSent,
      unknown: keys.announcedUnknown,
      loads,
      gaps,
    }))
    const { connections } = machine
    process.stdout.write(`${JSON.stringify({ faults: form.faults, connections, pages: figures })}\n`)
    // A busy computer loses more of them, since more are under way.
    for (const { arrived, typed } of figures) expect(arrived).toBeGreaterThan(typed / 10)
  },
  form.limitMs,
)
