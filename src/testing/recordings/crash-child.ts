import { Recorder } from '../../server/recordings/recorder.ts'
import { record } from './recorded-line.ts'

/**
 * A process that records until a test kills it: numbered lines, each with its time. With the pace `flood` it prints as
 * fast as it can, else one line every 10 ms. It tells its parent how far it is.
 */
const [dir = '', pace] = process.argv.slice(2)
const recorder = await Recorder.open({
  settings: {
    mode: 'always',
    dir,
    // More than a flood writes before the parent kills it.
    maxMib: 4096,
    totalMib: 10_000,
    days: 30,
    input: false,
    mayDelete: false,
  },
  log: { info() {}, warn() {}, error() {} },
})
const recording = await record(recorder, {
  serverId: 'server-1',
  serverName: 'web-01',
  project: null,
  sessionId: 'session-1',
  startedBy: 'tester',
  startedById: 'tester-1',
})
let number = 0
const filler = '.'.repeat(pace === 'flood' ? 4096 : 10)
function print(): void {
  recording.output(Buffer.from(`${number} ${Date.now()} ${filler}\r\n`))
  number += 1
}
const started = Date.now()
function report(): void {
  process.send?.({ id: recording.id, ran: Date.now() - started })
}
if (pace === 'flood') {
  const burst = () => {
    for (let count = 0; count < 16; count += 1) print()
    setTimeout(burst, 1)
  }
  burst()
} else setInterval(print, 10)
setInterval(report, 100)
