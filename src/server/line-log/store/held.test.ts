import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ManualClock } from '../../../testing/clock.ts'
import { random } from '../../../testing/faults/random.ts'
import { type Disk, machineDisk } from './disk.ts'
import { DiskStore, type DiskStoreOptions } from './disk-store.ts'
import { BEAT_MS } from './lock.ts'
import type { HeldReader, LineRef, Stretch } from './store.ts'

const KIB = 1024
const DAY_MS = 24 * 60 * 60 * 1000
const web: LineRef = { server: { id: 'web-01', name: 'web-01' }, project: null }
const limits = { days: 30, totalMib: 1024, lineMib: 1 }

async function newFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'held-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return dir
}

async function openStore(dir: string, options: Partial<DiskStoreOptions> = {}): Promise<DiskStore> {
  const store = await DiskStore.open({
    dir,
    log: { warn() {}, error() {} },
    clock: new ManualClock(),
    ...limits,
    ...options,
  })
  onTestFinished(() => store.close())
  return store
}

/** The folder as a killed process leaves it. */
async function copyOf(dir: string): Promise<string> {
  for (;;) {
    const copy = await newFolder()
    try {
      await cp(dir, copy, { recursive: true, filter: (path) => !/\/lock\.\d+$/.test(path) })
      return copy
    } catch {
      // A file went meanwhile.
    }
  }
}

function readerOf(store: DiskStore): HeldReader {
  const reader = store.heldReader('web-01')
  if (!reader) throw new Error('The line is not known.')
  return reader
}

async function read(reader: HeldReader, { from, to }: Stretch): Promise<Buffer> {
  const parts: Buffer[] = []
  for (let next = from; next < to; ) {
    const { at, bytes } = await reader.read(next, Math.min(to - next, 100_000))
    if (bytes.length === 0) break
    expect(at).toBe(next)
    parts.push(bytes)
    next += bytes.length
  }
  return Buffer.concat(parts).subarray(0, to - from)
}

/** Each byte follows from its place. */
const said = (from: number, to: number) =>
  Buffer.from(
    Array.from({ length: to - from }, (_, index) => ((from + index) * 31 + ((from + index) >> 8)) & 255),
  )

async function segmentBytes(dir: string): Promise<number> {
  const files = await readdir(dir, { recursive: true })
  const sizes = files
    .filter((name) => name.endsWith('.seg'))
    .map((name) => machineDisk.read(join(dir, name), 0, 1 << 26))
  return (await Promise.all(sizes)).reduce((sum, { length }) => sum + length, 0)
}

describe.each(['all', 'held'] as const)('what recordings hold of a store that keeps %s', (keeps) => {
  it.each([1, 2, 4])(
    'stays, whatever the limits, kills and starts (seed %i)',
    async (seed) => {
      const next = random(seed)
      const clock = new ManualClock()
      let dir = await newFolder()
      const held = new Set<Stretch>()
      const inOrder = () => [...held].sort((one, other) => one.from - other.from)
      const open = async () => {
        const store = await openStore(dir, { clock, keeps })
        store.hold(() => inOrder())
        return { store, writer: await store.open(web) }
      }
      let { store, writer } = await open()
      let recording: Stretch | null = null
      for (let step = 0; step < 50; step++) {
        const at = writer.end
        writer.append(said(at, at + Math.floor(next() * 120 * KIB)), clock.now())
        clock.advance(1_000)
        if (next() < 0.3) {
          if (recording) {
            recording.to = writer.end
            recording = null
          } else {
            recording = { from: writer.end, to: Number.POSITIVE_INFINITY }
            held.add(recording)
          }
        }
        if (next() < 0.3) await store.drain()
        if (next() < 0.4) await store.sweep()
        if (next() < 0.1) {
          const [oldest] = inOrder()
          if (oldest && oldest !== recording) held.delete(oldest)
        }
        if (next() < 0.15) {
          if (next() < 0.5) await store.flush()
          const killed = await copyOf(dir)
          await store.close()
          dir = killed
          // What was not yet on disk is gone, and a recording ends where the log does.
          ;({ store, writer } = await open())
          for (const stretch of held) stretch.to = Math.min(stretch.to, writer.end)
          for (const stretch of held) if (stretch.to <= stretch.from) held.delete(stretch)
          recording = null
        }
        for (const { from, to } of held) {
          const stretch = { from, to: Math.min(to, writer.end) }
          expect((await read(readerOf(store), stretch)).equals(said(stretch.from, stretch.to))).toBe(true)
        }
      }
      await store.drain()
      await store.sweep()
      await store.sweep()
      const heldBytes = inOrder().reduce((sum, { from, to }) => sum + Math.min(to, writer.end) - from, 0)
      // Little more than what is held, and what the log may keep.
      const reader = store.reader('web-01')
      const log = keeps === 'all' ? writer.end - (reader?.start ?? 0) : 0
      expect(log).toBeLessThan(1024 * KIB + 128 * KIB)
      expect(await segmentBytes(dir)).toBeLessThan(log + 1.5 * heldBytes + 512 * KIB)
      held.clear()
      writer.close()
      await store.sweep()
      expect(await segmentBytes(dir)).toBe(log)
    },
    60_000,
  )
})

describe('what recordings hold', () => {
  it('has its times and marks when the log is gone, and the log ends where its limits say', async () => {
    const clock = new ManualClock()
    const dir = await newFolder()
    const store = await openStore(dir, { clock })
    const began = clock.now()
    store.hold(() => [{ from: 10, to: 30 }])
    const writer = await store.open(web)
    for (let count = 0; count < 5; count++) {
      writer.append(said(count * 10, count * 10 + 10), clock.now())
      if (count === 1) writer.mark({ kind: 'power', action: 'reset', by: 'Ada' }, clock.now())
      clock.advance(2_000)
    }
    await store.drain()
    clock.stall(40 * DAY_MS)
    await store.sweep()
    for (const each of [store, await openStore(await copyOf(dir), { clock })]) {
      expect(each.reader('web-01')?.start).toBe(50)
      const reader = readerOf(each)
      expect(await read(reader, { from: 10, to: 30 })).toEqual(said(10, 30))
      expect(await reader.read(0, 100)).toEqual({ at: 10, bytes: said(10, 30) })
      expect([await reader.timeOf(12), await reader.timeOf(25)]).toEqual([began + 2_000, began + 4_000])
      expect(await reader.marks(10, 30)).toMatchObject([{ at: 20, mark: { kind: 'power' } }])
    }
    expect(await segmentBytes(dir)).toBe(20)
  })

  it('stays while nobody says what is held', async () => {
    const clock = new ManualClock()
    const dir = await newFolder()
    const held = { from: 0, to: 10 }
    const first = await openStore(dir, { clock })
    first.hold(() => [held])
    const writer = await first.open(web)
    writer.append(said(0, 10), clock.now())
    await first.drain()
    clock.stall(40 * DAY_MS)
    await first.sweep()
    await first.close()

    // Recordings are off.
    const second = await openStore(dir, { clock })
    await second.sweep()
    await second.close()

    const third = await openStore(dir, { clock })
    third.hold(() => [held])
    await third.sweep()
    expect(await read(readerOf(third), held)).toEqual(said(0, 10))
  })

  it('stays in the log of a server that does not know yet what is held', async () => {
    const clock = new ManualClock()
    const store = await openStore(await newFolder(), { clock, recorded: true })
    const writer = await store.open(web)
    writer.append(said(0, 10), clock.now())
    await store.drain()
    clock.stall(40 * DAY_MS)
    await store.sweep()
    store.hold(() => [{ from: 0, to: 10 }])
    await store.sweep()
    expect(store.reader('web-01')?.start).toBe(10)
    expect(await read(readerOf(store), { from: 0, to: 10 })).toEqual(said(0, 10))
  })

  it('is read whole while the log lets go of it', async () => {
    const clock = new ManualClock()
    let swept = async () => {}
    const disk: Disk = {
      ...machineDisk,
      async read(path, at, most) {
        const bytes = await machineDisk.read(path, at, most)
        const sweep = swept
        if (path.endsWith('.seg')) swept = async () => {}
        if (path.endsWith('.seg')) await sweep()
        return bytes
      },
    }
    const store = await openStore(await newFolder(), { clock, disk })
    store.hold(() => [{ from: 0, to: 10 }])
    const writer = await store.open(web)
    writer.append(said(0, 10), clock.now())
    await store.drain()
    clock.stall(40 * DAY_MS)
    swept = () => store.sweep()
    expect(await readerOf(store).read(0, 100)).toEqual({ at: 0, bytes: said(0, 10) })
    expect(store.reader('web-01')?.start).toBe(10)
  })

  it('is never given up for room on a full disk, and what nobody holds is', async () => {
    const clock = new ManualClock()
    let full = false
    const disk: Disk = {
      ...machineDisk,
      async write(path, at, bytes, sync) {
        if (full && bytes.length > 0) throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
        await machineDisk.write(path, at, bytes, sync)
      },
      async remove(path) {
        await machineDisk.remove(path)
        if (path.endsWith('.seg')) full = false
      },
    }
    const store = await openStore(await newFolder(), { clock, disk, lineMib: 64 })
    const writer = await store.open(web)
    const held = { from: 0, to: 9_000 * KIB }
    store.hold(() => [held])
    for (let at = 0; at < 18_000 * KIB; at += 1_000 * KIB) {
      writer.append(said(at, at + 1_000 * KIB), clock.now())
      await store.drain()
    }
    full = true
    writer.append(said(writer.end, writer.end + 10), clock.now())
    expect(writer.losing).toBeNull()
    await expect
      .poll(async () => {
        await store.flush()
        return full
      })
      .toBe(false)
    expect((await read(readerOf(store), held)).equals(said(held.from, held.to))).toBe(true)
    expect(store.reader('web-01')?.start).toBeGreaterThan(0)
  })

  it('stays in a folder that another process has taken over, and in one that was closed', async () => {
    const clock = new ManualClock()
    const dir = await newFolder()
    let lost = false
    const log = {
      warn() {},
      error() {
        lost = true
      },
    }
    const store = await openStore(dir, { clock, log })
    const held = { from: 0, to: 10 }
    store.hold(() => [held])
    const writer = await store.open(web)
    writer.append(said(0, 10), clock.now())
    await store.drain()
    clock.stall(40 * DAY_MS)
    await store.sweep()
    await rm(join(dir, 'lock.1'))
    clock.advance(BEAT_MS)
    await expect.poll(() => lost).toBe(true)
    held.to = 0
    await store.sweep()
    expect(await segmentBytes(dir)).toBe(10)
    await store.close()
    await store.sweep()
    expect(await segmentBytes(dir)).toBe(10)
  })

  it('is said to be lost while the disk takes nothing', async () => {
    const clock = new ManualClock()
    let full = true
    const disk: Disk = {
      ...machineDisk,
      async write(path, at, bytes, sync) {
        if (full && bytes.length > 0) throw Object.assign(new Error('broken'), { code: 'EIO' })
        await machineDisk.write(path, at, bytes, sync)
      },
    }
    const store = await openStore(await newFolder(), { clock, disk })
    const writer = await store.open(web)
    for (let count = 0; count < 4; count++) writer.append(Buffer.alloc(1024 * KIB, 'x'), clock.now())
    expect([writer.losing, writer.lost]).toEqual([null, 0])
    writer.append(Buffer.from('lost'), clock.now())
    await store.flush()
    expect([writer.losing, writer.lost]).toEqual([{ code: 'EIO' }, 4])
    full = false
    clock.advance(1_500)
    await store.drain()
    writer.append(Buffer.from('kept'), clock.now())
    expect([writer.losing, writer.lost]).toEqual([null, 4])
  })
})
