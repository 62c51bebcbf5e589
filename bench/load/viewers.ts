import { quantile } from '../report.ts'
import { DirectLine } from './direct-line.ts'
import { ViewersOrder, type ViewersState } from './messages.ts'
import { probe } from './probe.js'
import { LoadViewer } from './viewer.ts'

// All people at their consoles. Each types a key a second, and they do so evenly over it: people do not type in step.

const origin = process.env.LOAD_ORIGIN ?? ''
const KEY_MS = 1_000
const TOLD = 10

const viewers: LoadViewer[] = []
const failed: string[] = []
let direct: DirectLine[] = []
interface Typist {
  type(): void
}
/** Those who type, in their order: all viewers, and between them some whose lines lead around the relay */
let typists: Typist[] = []
let echoes: number[] = []
let directEchoes: number[] = []
let typing = false

async function open(first: number, count: number, atOnce: number): Promise<void> {
  let next = first
  const opens = async () => {
    while (next < first + count) {
      const number = next++
      const viewer = await LoadViewer.open(origin, `server-${number}`).catch((error: unknown) => {
        failed.push(`server-${number}: ${error instanceof Error ? error.message : 'unknown'}`)
      })
      if (!viewer) continue
      viewer.onEcho = (ms) => echoes.push(ms)
      viewers.push(viewer)
      typists.push(viewer)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, opens))
}

async function leadAround(address: string, count: number): Promise<void> {
  for (const line of direct) line.close()
  direct = []
  for (let number = 0; number < count; number++) {
    direct.push(await DirectLine.open(address, number, (ms) => directEchoes.push(ms)))
  }
  typists = mixed(viewers, direct)
}

/** @returns both, the lines spread evenly over the viewers */
function mixed(viewers: readonly Typist[], lines: readonly Typist[]): Typist[] {
  const all = [...viewers]
  for (const [at, line] of lines.entries()) all.splice(Math.floor((all.length * at) / lines.length), 0, line)
  return all
}

/** How far the second has come, as a share of the viewers that have typed in it. */
let typedAt = 0
setInterval(() => {
  const now = (performance.now() % KEY_MS) / KEY_MS
  const to = Math.floor(now * typists.length)
  // A tick that comes late types what was due.
  if (to < typedAt) {
    type(typedAt, typists.length)
    typedAt = 0
  }
  type(typedAt, to)
  typedAt = to
}, 1)

function type(from: number, to: number): void {
  if (!typing) return
  for (let at = from; at < to; at++) typists[at]?.type()
}

function state(): ViewersState {
  const sum = (of: (viewer: LoadViewer) => number) => viewers.reduce((all, viewer) => all + of(viewer), 0)
  const times = echoes
  const directTimes = directEchoes
  echoes = []
  directEchoes = []
  const wrong = [...failed, ...viewers.flatMap((viewer) => viewer.wrong)]
  return {
    consoles: viewers.length,
    open: sum(({ isOpen }) => Number(isOpen)),
    typed: sum(({ typed }) => typed),
    echoed: sum(({ echoed }) => echoed),
    dropped: sum(({ dropped }) => dropped),
    unanswered: sum(({ unanswered }) => unanswered),
    told: sum(({ told }) => told),
    waiting: sum(({ waiting }) => waiting),
    heard: sum(({ heard }) => heard),
    missed: sum(({ missed }) => missed),
    echo: echoOf(times),
    directEcho: echoOf(directTimes),
    probed: probe(),
    errors: wrong.length,
    wrong: wrong.slice(0, TOLD),
  }
}

const echoOf = (times: readonly number[]) => ({
  count: times.length,
  p50: times.length > 0 ? quantile(times, 0.5) : 0,
  p99: times.length > 0 ? quantile(times, 0.99) : 0,
  longest: times.length > 0 ? quantile(times, 1) : 0,
})

process.on('message', async (message) => {
  const order = ViewersOrder.parse(message)
  switch (order.do) {
    case 'open':
      await open(order.first, order.count, order.atOnce)
      break
    case 'lead-around':
      await leadAround(order.address, order.count)
      break
    case 'type':
      typing = order.on
      typedAt = Math.floor(((performance.now() % KEY_MS) / KEY_MS) * typists.length)
      break
    case 'stop-reading':
      for (const [at, viewer] of viewers.entries()) viewer.read(at >= order.count)
      break
    case 'tell':
  }
  process.send?.(state())
})
process.on('disconnect', () => process.exit())
process.send?.({ port: 0 })
