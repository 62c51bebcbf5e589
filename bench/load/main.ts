import { readFile, writeFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { builtProgram } from '../built-server.ts'
import { report } from '../report.ts'
import { drawCurve, LoadCurve, type LoadStep } from './curve.ts'
import { watchHealth } from './health.ts'
import type { Probed, ViewersState } from './messages.ts'
import { checkOpenFiles, type Rig, startRig } from './rig.ts'

// The whole server under a load of people who type, step by step up to 5,000 sessions, and then under faults. `curve`
// also writes the steps to docs/load.json and draws docs/load.svg; `draw` only draws. Some lines lead
// around the relay, and each process says how long it stood still: so what the relay does can be told from what the
// machine and the harness do. `steps` and `faults` measure that part alone.

const bench = 'load'
const STEPS = (process.env.STEPS ?? '100,500,1000,2000,3000,4000,5000').split(',').map(Number)
const MOST = Math.min(Number(process.env.SESSIONS ?? Number.POSITIVE_INFINITY), Math.max(...STEPS))
const SECONDS = Number(process.env.SECONDS ?? 20)
/** So many sessions are opened before memory is compared. */
const WARM_UP = 50
/** So many lines lead around the relay. */
const DIRECT = 50
const FAULT_MS = 15_000
/** So long all lines may take to come back. */
const BACK_MS = 300_000
/** Until a key has its fate, its receipt lost on no way */
const SETTLE_MS = 15_000
const KIB = 1024
/** What a console prints at 115,200 baud */
const SERIAL_BYTES = 11_520
const TARGET = { echoMs: 30, kib: 32, healthMs: 100, growth: 1.2 }
const docs = (name: string) => new URL(`../../docs/${name}`, import.meta.url)

const figure = (metric: string, value: number, unit: string, target?: number) =>
  report({ bench, metric, value, unit, ...(target === undefined ? {} : { target, pass: value <= target }) })

/** What must not be, in any phase. */
function faultsIn(state: ViewersState, of: string): void {
  for (const each of state.wrong) console.error(each)
  figure(`${of}: errors`, state.errors, 'errors', 0)
  figure(`${of}: keys without an echo, and without word that they were dropped`, state.waiting, 'keys', 0)
  figure(`${of}: keys without a receipt`, state.typed - state.told, 'keys', 0)
}

/** What each process did since it was asked last */
async function probeAll(rig: Rig) {
  const [relay, viewers, gateway] = [await rig.relay(), await rig.viewers(), await rig.gateway()]
  return { relay, viewers, gateway, at: performance.now() }
}

/** Types for a while. */
async function typed(rig: Rig, ms: number) {
  const before = await probeAll(rig)
  await delay(ms)
  return betweenProbes(before, await probeAll(rig))
}

type Probes = Awaited<ReturnType<typeof probeAll>>

function betweenProbes(before: Probes, after: Probes) {
  const { echo, directEcho } = after.viewers
  const ms = after.at - before.at
  const parts = (['relay', 'viewers', 'gateway'] as const).map((part) => ({
    part,
    ms,
    probed: after[part].probed,
    cpuBefore: before[part].probed.cpuMs,
  }))
  const cores = (after.relay.probed.cpuMs - before.relay.probed.cpuMs) / ms
  return { echo, directEcho, cores, rss: after.relay.rss, parts, tookMs: ms }
}

/** Where the time goes: a key waits for whoever stands still, and for a core. */
function tellParts(of: string, parts: ReturnType<typeof betweenProbes>['parts']): void {
  for (const { part, ms, probed, cpuBefore } of parts) tellPart(`${of}: ${part}`, probed, ms, cpuBefore)
}

/** @param ms how long it took @param cpuBefore ms of a core until it began */
function tellPart(by: string, probed: Probed, ms: number, cpuBefore: number): void {
  figure(`${by}: processor`, (probed.cpuMs - cpuBefore) / ms, 'cores')
  figure(`${by}: ready to run, and without a core`, (probed.coreWaitMs / ms) * 100, '% of the time')
  figure(`${by}: the longest pause of its event loop`, probed.longestMs, 'ms')
  for (const [kind, { times, ms, longestMs }] of Object.entries(probed.pauses)) {
    if (times === 0) continue
    figure(`${by}: ${times} ${kind} collections, in all`, ms, 'ms')
    figure(`${by}: the longest of them`, longestMs, 'ms')
  }
}

/** What the least that can stand in the relay's place takes on this machine, with the same harness around it */
interface Reference {
  p50: number
  p99: number
  cores: number
}

async function measureSplice(rig: Rig, lines: number): Promise<Reference> {
  const splice = await rig.startSplice()
  await rig.leadAround(lines, splice.address)
  await rig.type(true)
  await delay(3_000)
  const cpuBefore = (await splice.tell()).probed.cpuMs
  const { directEcho, parts, tookMs } = await typed(rig, SECONDS * 1000)
  const cores = ((await splice.tell()).probed.cpuMs - cpuBefore) / tookMs
  await rig.settled(SETTLE_MS)
  const of = `${lines} lines through a bare splice, a key a second each`
  figure(`${of}: echo p50`, directEcho.p50, 'ms')
  figure(`${of}: echo p99`, directEcho.p99, 'ms')
  figure(`${of}: the splice's processor`, cores, 'cores')
  tellParts(
    of,
    parts.filter(({ part }) => part !== 'relay'),
  )
  await rig.leadAround(0)
  splice.stop()
  return { p50: directEcho.p50, p99: directEcho.p99, cores }
}

/** The relay beside the bare splice, with as many lines */
function compareWith(reference: Reference, step: LoadStep | undefined): void {
  if (!step) return
  const of = `${step.sessions} sessions against a bare splice`
  const compared = (metric: string, value: number, unit: string, than: number) =>
    report({ bench, metric: `${of}: ${metric}`, value, unit, reference: than, ratio: value / than })
  compared('echo p50', step.p50Ms, 'ms', reference.p50)
  compared('echo p99', step.p99Ms, 'ms', reference.p99)
  compared('processor', step.cores, 'cores', reference.cores)
}

async function measureSteps(rig: Rig): Promise<LoadStep[]> {
  // What a process loads once is loaded before the measurement.
  await rig.open(Math.min(WARM_UP, MOST))
  await rig.type(true)
  await delay(3_000)
  await rig.settled(SETTLE_MS)
  await rig.leadAround(DIRECT)
  const first = { sessions: Math.min(WARM_UP, MOST), kept: await settledMemory(rig) }
  const steps: LoadStep[] = []
  for (const sessions of STEPS.filter((each) => each <= MOST)) {
    await rig.open(sessions)
    await rig.type(true)
    await delay(3_000)
    const { echo, directEcho, cores, rss, parts } = await typed(rig, SECONDS * 1000)
    const state = await rig.settled(SETTLE_MS)
    const settled = await settledMemory(rig)
    const kib = (bytes: number) => (bytes - first.kept) / KIB / Math.max(1, sessions - first.sessions)
    const of = `${sessions} sessions, a key a second each`
    figure(`${of}: keys that came back`, echo.count / SECONDS, 'keys/s')
    figure(`${of}: echo p50`, echo.p50, 'ms')
    figure(`${of}: echo p99`, echo.p99, 'ms', TARGET.echoMs)
    figure(`${of}: the longest echo`, echo.longest, 'ms')
    figure(`${of}: echo p99 without the relay`, directEcho.p99, 'ms')
    figure(`${of}: the longest echo without the relay`, directEcho.longest, 'ms')
    tellParts(of, parts)
    figure(`${of}: the relay's processor for each session`, (cores * 1000) / sessions, 'ms/s')
    figure(`${of}: memory of the process`, rss / KIB / KIB, 'MiB RSS')
    const { youngBytes } = await rig.relay()
    figure(`${of}: V8's young generation in it`, youngBytes / KIB / KIB, 'MiB')
    // Few sessions are less than what a heap grows by at once.
    if (sessions >= 1_000)
      figure(`${of}: memory of each session once settled`, kib(settled), 'KiB RSS', TARGET.kib)
    faultsIn(state, of)
    steps.push({
      sessions,
      p50Ms: echo.p50,
      p99Ms: echo.p99,
      cores,
      rssMib: rss / KIB / KIB,
      longestMs: parts[0]?.probed.longestMs ?? 0,
    })
  }
  return steps
}

/**
 * Collections come until they find little more: each moves only some of the pages that are full of holes.
 * @returns what is resident, bytes, without V8's young generation: all sessions share it, and none is kept there
 */
async function settledMemory(rig: Rig): Promise<number> {
  const kept = async () => {
    const { rss, youngBytes } = await rig.relay(true)
    return rss - youngBytes
  }
  let before = await kept()
  for (let round = 0; round < 20; round++) {
    const now = await kept()
    if (before - now < before / 200) return now
    before = now
  }
  return before
}

/** Whether the last thousand costs as much as the second did. */
function compareThousands(steps: readonly LoadStep[]): void {
  const cores = (sessions: number) => steps.find((step) => step.sessions === sessions)?.cores
  const [one, two, four, five] = [1_000, 2_000, 4_000, 5_000].map(cores)
  if (one === undefined || two === undefined || four === undefined || five === undefined) return
  const ratio = (five - four) / (two - one)
  report({
    bench,
    metric: "the relay's processor for the fifth thousand, against that for the second",
    value: five - four,
    unit: 'cores',
    reference: two - one,
    ratio,
    target: TARGET.growth,
    pass: ratio <= TARGET.growth,
  })
}

/** One line in a hundred prints as fast as a serial port can. */
async function measureBursts(rig: Rig, sessions: number): Promise<void> {
  const speakers = Math.ceil(sessions / 100)
  const before = (await rig.speak(speakers, SERIAL_BYTES)).said
  await rig.type(true)
  const { echo, cores, parts } = await typed(rig, FAULT_MS)
  const { said } = await rig.speak(0, 0)
  const of = `${sessions} sessions, ${speakers} of them print ${SERIAL_BYTES} bytes a second`
  const state = await rig.settled(SETTLE_MS)
  figure(`${of}: throughput`, (said - before) / KIB / (FAULT_MS / 1000), 'KiB/s')
  figure(`${of}: echo p99`, echo.p99, 'ms', TARGET.echoMs)
  figure(`${of}: the relay's processor`, cores, 'cores')
  tellParts(of, parts)
  figure(`${of}: bytes that did not come`, said - state.heard - state.missed, 'bytes', 0)
  faultsIn(state, of)
}

/** One viewer in a hundred reads nothing while its machine prints. */
async function measureSlowReaders(rig: Rig, sessions: number): Promise<void> {
  const slow = Math.ceil(sessions / 100)
  const before = await rig.viewers()
  const { said: saidBefore } = await rig.speak(slow, 10 * SERIAL_BYTES)
  await rig.stopReading(slow)
  await rig.type(true)
  const { rss: rssBefore } = await rig.relay()
  const { echo, rss, parts } = await typed(rig, FAULT_MS)
  await rig.stopReading(0)
  const { said } = await rig.speak(0, 0)
  const state = await rig.settled(SETTLE_MS)
  const of = `${sessions} sessions, ${slow} of them do not read`
  figure(`${of}: what their machines said`, (said - saidBefore) / KIB, 'KiB')
  figure(`${of}: echo p99 of the others`, echo.p99, 'ms', TARGET.echoMs)
  tellParts(of, parts)
  figure(`${of}: memory for each of them`, (rss - rssBefore) / KIB / slow, 'KiB RSS')
  const come = state.heard - before.heard + state.missed - before.missed
  figure(`${of}: bytes that did not come, without word`, said - saidBefore - come, 'bytes', 0)
  faultsIn(state, of)
}

/** The server's clock is set an hour forward, and back. */
async function measureClock(rig: Rig, sessions: number): Promise<void> {
  await rig.type(true)
  for (const hours of [1, -1]) {
    await rig.setClock(hours * 3_600_000)
    const { echo } = await typed(rig, FAULT_MS / 2)
    const of = `${sessions} sessions, the clock jumps by ${hours} h`
    figure(`${of}: echo p99`, echo.p99, 'ms', TARGET.echoMs)
    const { open } = await rig.viewers()
    figure(`${of}: lines that were lost`, sessions - open, 'lines', 0)
  }
  faultsIn(await rig.settled(SETTLE_MS), `${sessions} sessions, the clock jumps`)
}

/** The gateway vanishes with all its connections, and comes back. People type on. */
async function measureFlapping(rig: Rig, sessions: number): Promise<void> {
  const of = `${sessions} sessions, whose gateway vanishes for ${FAULT_MS / 1000} s`
  await rig.type(true)
  await delay(3_000)
  const calls = rig.cloudCalls()
  const relayBefore = await rig.relay()
  const vanished = await watchHealth(rig.origin)
  await delay(500)
  await rig.endGateway()
  await delay(FAULT_MS)
  const away = await vanished()
  figure(`${of}: the longest wait for health meanwhile`, away.longest, 'ms', TARGET.healthMs)
  const relayAway = await rig.relay()
  tellPart(`${of}, meanwhile: relay`, relayAway.probed, FAULT_MS + 500, relayBefore.probed.cpuMs)
  const returning = await watchHealth(rig.origin)
  await rig.bringGatewayBack()
  const begun = performance.now()
  let open = 0
  while (open < sessions && performance.now() - begun < BACK_MS) {
    await delay(500)
    open = (await rig.viewers()).open
  }
  const took = (performance.now() - begun) / 1000
  const back = await returning()
  figure(`${of}: the longest wait for health while they come back`, back.longest, 'ms', TARGET.healthMs)
  const relayBack = await rig.relay()
  tellPart(`${of}, while they come back: relay`, relayBack.probed, took * 1000, relayAway.probed.cpuMs)
  figure(`${of}: health was refused`, away.refused + back.refused, 'times', 0)
  figure(`${of}: until all lines are back`, took, 's')
  figure(`${of}: lines that did not come back`, sessions - open, 'lines', 0)
  figure(`${of}: calls to the cloud`, rig.cloudCalls() - calls, 'calls')
  const state = await rig.settled(SETTLE_MS)
  figure(`${of}: keys that were given back`, state.dropped, 'keys')
  figure(`${of}: keys that arrived, and whose echo went with the gateway`, state.unanswered, 'keys')
  faultsIn(state, of)
}

/** Those of the steps, of the faults, or all */
async function measure(parts: 'all' | 'steps' | 'faults'): Promise<LoadCurve> {
  await checkOpenFiles(MOST)
  figure('load average at the start', loadavg()[0] ?? 0, 'processes')
  const rig = await startRig(builtProgram)
  try {
    const steps: LoadStep[] = []
    if (parts === 'faults') {
      await rig.open(MOST)
    } else {
      const reference = await measureSplice(rig, MOST)
      steps.push(...(await measureSteps(rig)))
      compareWith(reference, steps.at(-1))
      compareThousands(steps)
    }
    if (parts === 'steps') return { steps }
    await measureBursts(rig, MOST)
    await measureSlowReaders(rig, MOST)
    await measureClock(rig, MOST)
    await measureFlapping(rig, MOST)
    return { steps }
  } finally {
    rig.stop()
  }
}

const [word = 'all'] = process.argv.slice(2)
if (word !== 'draw') {
  const curve = await measure(word === 'steps' || word === 'faults' ? word : 'all')
  if (word === 'curve') await writeFile(docs('load.json'), `${JSON.stringify(curve, null, 2)}\n`)
}
if (word === 'curve' || word === 'draw') {
  const curve = LoadCurve.parse(JSON.parse(await readFile(docs('load.json'), 'utf8')))
  await writeFile(docs('load.svg'), drawCurve(curve))
}
process.exit()
