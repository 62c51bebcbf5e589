import { expect, it } from 'vitest'
import { firmware, grubMenu, kernelBoot, panic, userland } from '../../../sandbox/machines/boot-log.ts'
import { MemoryStore } from '../../../testing/line-log.ts'
import { BootIndex } from './boot-index.ts'

const machine = { hostname: 'db-01', kernel: '6.1.0-18-amd64', image: 'Debian 12' }
const boot = [
  ...firmware(),
  ...[5, 4, 3].map((left) => ({ wait: 1000, text: grubMenu(machine.image, 0, left) })),
  ...kernelBoot(machine),
  ...userland(machine),
]

function newLine() {
  const log = new MemoryStore().line({ server: { id: 'id-db', name: 'db-01' }, project: null })
  let time = 1_000_000
  const reads: number[] = []
  const read = log.read.bind(log)
  log.read = (from, most) => {
    reads.push(from)
    return read(from, most)
  }
  return {
    log,
    reads,
    /** @returns when it began */
    say(steps: readonly { wait: number; text: string }[]) {
      for (const { wait, text } of steps) {
        time += wait
        log.append(Buffer.from(text), time)
      }
      return time
    },
  }
}

it('finds the boots of a sandbox machine, with the panic that ended the second', async () => {
  const { log, say } = newLine()
  const index = new BootIndex()
  say(boot)
  expect(await index.boots(log)).toMatchObject([{ ended: null }])
  const second = log.end
  say([{ wait: 60_000, text: '' }, ...boot, ...panic()])
  const boots = await index.boots(log)
  expect(boots).toMatchObject([
    { at: 0, time: 1_000_050, ended: null },
    { at: second, ended: 'panic' },
  ])
})

it('reads what came since, and nothing again', async () => {
  const { log, reads, say } = newLine()
  const index = new BootIndex()
  say(boot)
  await Promise.all([index.boots(log), index.boots(log)])
  expect(reads).toEqual([0])
  const { end } = log
  say(boot)
  await index.boots(log)
  expect(reads).toEqual([0, end])
})

it('does not join a boot to the prompt before which nobody listened', async () => {
  const { log, say } = newLine()
  const index = new BootIndex()
  const prompt = say([...boot, { wait: 1_000, text: 'db-01 login: ' }])
  log.mark({ kind: 'seam', why: 'restarted', awayMs: 60_000 }, prompt + 60_000)
  const second = log.end
  // Its first bytes, which clear the screen, were printed while nobody listened.
  const time = say([{ wait: 60_000, text: 'UEFI Firmware 3.42  (C) Sandbox Systems\r\n' }])
  expect(await index.boots(log)).toMatchObject([{ at: 0 }, { at: second, time }])
})

it('does not tell of boots that are no longer kept', async () => {
  const { log, say } = newLine()
  const index = new BootIndex()
  say(boot)
  const { end } = log
  say(boot)
  expect(await index.boots(log)).toHaveLength(2)
  log.drop(end)
  expect(await index.boots(log)).toHaveLength(1)
})

it('begins anew with a log that is not the same', async () => {
  const index = new BootIndex()
  const first = newLine()
  first.say([...boot, ...boot])
  await index.boots(first.log)
  const second = newLine()
  second.say(boot)
  expect(await index.boots(second.log)).toHaveLength(1)
})

it('stops when whoever asked has left', async () => {
  const { log, say } = newLine()
  say(boot)
  expect(await new BootIndex().boots(log, AbortSignal.abort())).toEqual([])
})
