import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { firmware, grubMenu, kernelBoot, panic, userland } from '../../../sandbox/machines/boot-log.ts'
import { Boots } from '../../../shared/lines/boots.ts'
import { MemoryStore } from '../../../testing/line-log.ts'
import type { LineReader } from '../store/store.ts'
import { BootIndex } from './boot-index.ts'
import { SignScan } from './sign-scan.ts'

const machine = { hostname: 'db-01', kernel: '6.1.0-18-amd64', image: 'Debian 12' }
const boot = [
  ...firmware(),
  ...[5, 4, 3].map((left) => ({ wait: 1000, text: grubMenu(machine.image, 0, left) })),
  ...kernelBoot(machine),
  ...userland(machine),
]

const all = () => ({ bytes: Number.POSITIVE_INFINITY })
const oldestFirst = async (index: BootIndex, log: LineReader) =>
  (await index.newest(log, 1000, all())).boots.toReversed()

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
  expect(await oldestFirst(index, log)).toMatchObject([{ ended: null }])
  const second = log.end
  say([{ wait: 60_000, text: '' }, ...boot, ...panic()])
  const boots = await oldestFirst(index, log)
  expect(boots).toMatchObject([
    { at: 0, time: 1_000_050, ended: null },
    { at: second, ended: 'panic' },
  ])
})

it('reads what came since, and nothing again', async () => {
  const { log, reads, say } = newLine()
  const index = new BootIndex()
  say(boot)
  await Promise.all([oldestFirst(index, log), oldestFirst(index, log)])
  expect(reads).toEqual([0])
  const { end } = log
  say(boot)
  await oldestFirst(index, log)
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
  expect(await oldestFirst(index, log)).toMatchObject([{ at: 0 }, { at: second, time }])
})

it('does not tell of boots that are no longer kept', async () => {
  const { log, say } = newLine()
  const index = new BootIndex()
  say(boot)
  const { end } = log
  say(boot)
  expect(await oldestFirst(index, log)).toHaveLength(2)
  log.drop(end)
  expect(await oldestFirst(index, log)).toHaveLength(1)
})

it('begins anew with a log that is not the same', async () => {
  const index = new BootIndex()
  const first = newLine()
  first.say([...boot, ...boot])
  await oldestFirst(index, first.log)
  const second = newLine()
  second.say(boot)
  expect(await oldestFirst(index, second.log)).toHaveLength(1)
})

it('stops when whoever asked has left', async () => {
  const { log, say } = newLine()
  say(boot)
  const left = AbortSignal.abort()
  expect(await new BootIndex().newest(log, 10, { bytes: 1, left })).toEqual({ boots: [], more: true })
})

/** Each is one piece of what a line says, and ends a row. */
const piece = fc.oneof(
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(...firmware(), ...kernelBoot(machine).slice(0, 3), ...panic())
      .map(({ text }) => `${text}\r\n`),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      'SeaBIOS (version 1.16.2-debian-1.16.2-1)\r\n',
      'iPXE (http://ipxe.org) 00:03.0 CA00 PCI2.10\r\n',
      'Press F2 to enter Setup\r\n',
      'Welcome to GRUB!\r\n',
      '[    0.000000] Linux version 6.1.0-18-amd64\r\n',
      'Linux version 5.4.0\r\n\r\nKernel command line: ro\r\n',
      '[  812.001000] reboot: Restarting system\r\n',
      'root@db-01:~# dmesg\r\n[    0.000000] Linux version 6.1.0\r\nPress F2 \r\nroot@db-01:~# \r\n',
      'root@db-01:~# reboot\r\n',
    ),
  },
  {
    weight: 4,
    arbitrary: fc
      .record({
        row: fc.constantFrom('', 'eth0: link up', 'x'.repeat(200), 'y'.repeat(5000)),
        times: fc.integer({ min: 1, max: 30 }),
      })
      .map(({ row, times }) => `${row}\r\n`.repeat(row.length > 1000 ? 1 : times)),
  },
)
const wait = fc.constantFrom(10, 500, 5_000, 20_000, 70_000, 11 * 60_000)
const step = fc.oneof(
  { weight: 10, arbitrary: fc.record({ say: piece, wait }) },
  { weight: 1, arbitrary: fc.record({ seam: wait }) },
  { weight: 1, arbitrary: fc.record({ lose: fc.integer({ min: 1, max: 5000 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ ask: fc.integer({ min: 1, max: 3 }), bytes: fc.constantFrom(1, 5_000, 1e9) }),
  },
  { weight: 1, arbitrary: fc.record({ around: fc.double({ min: 0, max: 1, noNaN: true }) }) },
  { weight: 1, arbitrary: fc.record({ drop: fc.double({ min: 0, max: 0.5, noNaN: true }) }) },
)

describe('boots from the end back', () => {
  it('are those of a scan from the oldest byte on, whatever was asked before, in a log that grows and loses its oldest part', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 80 }), async (steps) => {
        const store = new MemoryStore()
        const log = store.line({ server: { id: 'id-db', name: 'db-01' }, project: null })
        const whole = store.line({ server: { id: 'id-whole', name: 'whole' }, project: null })
        const index = new BootIndex({ block: 2048, goesOn: 6000, context: 8192 })
        let time = 1_000_000
        for (const one of steps) {
          if ('say' in one) {
            time += one.wait
            for (const each of [log, whole]) each.append(Buffer.from(one.say), time)
          } else if ('seam' in one) {
            time += one.seam
            for (const each of [log, whole])
              each.mark({ kind: 'seam', why: 'restarted', awayMs: one.seam }, time)
          } else if ('lose' in one) for (const each of [log, whole]) each.lose(one.lose, time)
          else if ('ask' in one) await index.newest(log, one.ask, { bytes: one.bytes })
          else if ('around' in one) await index.around(log, Math.floor(one.around * log.end), all())
          else log.drop(Math.floor(log.start + one.drop * (log.end - log.start)))
        }
        const boots = await plainScan(whole, log.start)
        const asked = await index.newest(log, 1000, all())
        expect(asked).toEqual({ boots: boots.toReversed(), more: false })
        for (const place of [0.1, 0.5, 0.9].map(
          (part) => log.start + Math.floor(part * (log.end - log.start)),
        )) {
          const at = boots.findLast((boot) => boot.at <= place)?.at ?? null
          expect((await index.around(log, place, all()))?.at ?? null).toBe(at)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('are there as soon as the newest is found, and the others as they are asked for', async () => {
    const { log, reads, say } = newLine()
    const rows = `${'an unremarkable row of a kernel log\r\n'.repeat(400)}`
    for (let count = 0; count < 12; count++)
      say([
        { wait: 60_000, text: '' },
        ...boot,
        ...Array.from({ length: 8 }, () => ({ wait: 1, text: rows })),
      ])
    const index = new BootIndex({ block: 64 * 1024, goesOn: 256 * 1024, context: 16 * 1024 })
    expect(await index.newest(log, 1, all())).toMatchObject({ boots: { length: 1 }, more: false })
    expect(Math.min(...reads)).toBeGreaterThan(log.end - 512 * 1024)
    const some = await index.newest(log, 100, { bytes: 1 })
    expect(some.more).toBe(true)
    expect(some.boots.length).toBeLessThan(12)
    expect(await index.newest(log, 100, all())).toMatchObject({ boots: { length: 12 }, more: false })
    reads.length = 0
    expect(await index.newest(log, 100, all())).toMatchObject({ boots: { length: 12 }, more: false })
    expect(await index.around(log, log.end >> 1, all())).toMatchObject({ ended: null })
    expect(reads).toEqual([])
  })

  it('cost little memory where a machine prints signs only', async () => {
    const { log, say } = newLine()
    say([{ wait: 0, text: 'Press F2 to enter Setup\r\n'.repeat(10_000) }])
    const index = new BootIndex()
    expect(await oldestFirst(index, log)).toHaveLength(1)
    expect(index.size).toBeLessThan(100)
  })
})

/** What is known of the boots in what is kept, by one who has read everything. */
async function plainScan(reader: LineReader, start: number) {
  const scan = await SignScan.before(0, 0, reader)
  const boots = new Boots(1000)
  for (let signs = await scan.step(reader); signs; signs = await scan.step(reader))
    for (const { sign, time } of signs) if (sign.at >= start) boots.add(sign, time)
  return [...boots.list]
}
