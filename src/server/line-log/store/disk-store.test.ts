import { cp, mkdtemp, readdir, readFile, rm, stat, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as immediate } from 'node:timers/promises'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { ManualClock } from '../../../testing/clock.ts'
import { random } from '../../../testing/faults/random.ts'
import type { Disk } from './disk.ts'
import { machineDisk } from './disk.ts'
import { DiskStore, type DiskStoreOptions } from './disk-store.ts'
import type { LineReader, LineRef, PlacedMark } from './store.ts'

const folders: string[] = []
const stores: DiskStore[] = []
const log = { warn() {}, error() {} }
const limits = { days: 30, totalMib: 1024, lineMib: 256 }

afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()))
  await Promise.all(folders.splice(0).map((dir) => rm(dir, { recursive: true, force: true })))
})

async function newFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'line-log-'))
  folders.push(dir)
  return dir
}

async function openStore(dir: string, options: Partial<DiskStoreOptions> = {}): Promise<DiskStore> {
  const store = await DiskStore.open({ dir, log, clock: new ManualClock(), ...limits, ...options })
  stores.push(store)
  return store
}

/** The folder as a killed process leaves it. */
async function copyOf(dir: string): Promise<string> {
  const copy = await newFolder()
  await cp(dir, copy, { recursive: true, filter: (path) => !/\/lock\.\d+$/.test(path) })
  return copy
}

const ref = (id: string): LineRef => ({ server: { id, name: `name of ${id}` }, project: null })
const web = ref('web-01')

function known<T>(value: T | null): T {
  if (value === null) throw new Error('There is none.')
  return value
}

/** Everything that is kept, by offset. */
async function readAll(reader: LineReader, most = 1 << 20): Promise<{ at: number; bytes: Buffer }[]> {
  const runs: { at: number; bytes: Buffer }[] = []
  for (let from = reader.start; ; ) {
    const { at, bytes } = await reader.read(from, most)
    if (bytes.length === 0) return runs
    const last = runs.at(-1)
    if (last && last.at + last.bytes.length === at) last.bytes = Buffer.concat([last.bytes, bytes])
    else runs.push({ at, bytes })
    from = at + bytes.length
  }
}

const textOf = async (store: DiskStore, id: string) =>
  (await readAll(known(store.reader(id)))).map(({ bytes }) => bytes.toString()).join('|')

const filesOf = async (dir: string, kind: string) =>
  (await readdir(dir, { recursive: true })).filter((name) => name.endsWith(kind)).sort()

describe('what is written', () => {
  it('is read at once, from the journal after a kill, and from segments', async () => {
    const dir = await newFolder()
    const store = await openStore(dir)
    const writer = await store.open(web)
    writer.append(Buffer.from('one '), 1_000)
    writer.append(Buffer.from('two '), 1_500)
    writer.mark({ kind: 'boot' }, 2_000)
    writer.append(Buffer.from('three'), 3_000)
    expect(writer.end).toBe(13)
    expect(await textOf(store, 'web-01')).toBe('one two three')

    await store.flush()
    const killed = await openStore(await copyOf(dir))
    expect(await textOf(killed, 'web-01')).toBe('one two three')
    expect(killed.lines()).toEqual([web])

    await store.drain()
    expect(await filesOf(dir, '.seg')).toHaveLength(1)
    const drained = await openStore(await copyOf(dir))
    for (const each of [store, killed, drained]) {
      const reader = known(each.reader('web-01'))
      expect(await textOf(each, 'web-01')).toBe('one two three')
      expect(await reader.marks(0, 100)).toEqual([{ at: 8, time: 2_000, mark: { kind: 'boot' } }])
      expect(await reader.timeOf(2)).toBe(1_000)
      expect(await reader.timeOf(9)).toBe(3_000)
      expect(await reader.offsetOf(2_000)).toBe(8)
      expect(await reader.offsetOf(4_000)).toBe(13)
      expect(await each.tail('web-01', 9)).toEqual({
        from: 4,
        bytes: Buffer.from('two three'),
        marks: [{ at: 8, time: 2_000, mark: { kind: 'boot' } }],
        times: await reader.times(4, 13),
        lastAt: 3_000,
      })
      expect(await reader.times(4, 13)).toEqual([
        { at: 4, time: 1_000 },
        { at: 8, time: 3_000 },
      ])
      expect(await reader.times(0, 8)).toEqual([{ at: 0, time: 1_000 }])
    }
    const goesOn = await drained.open(web)
    expect(goesOn.end).toBe(13)
  })

  it('is in files that nobody else may read', async () => {
    const dir = await newFolder()
    const store = await openStore(dir)
    const writer = await store.open(web)
    writer.append(Buffer.from('secret'), 1_000)
    await store.flush()
    await store.drain()
    for (const name of await readdir(dir, { recursive: true })) {
      const facts = await stat(join(dir, name))
      expect(facts.mode & 0o777).toBe(facts.isDirectory() ? 0o700 : 0o600)
    }
  })

  it('tells those who follow', async () => {
    const store = await openStore(await newFolder())
    const writer = await store.open(web)
    let told = 0
    const stop = known(store.reader('web-01')).follow(() => {
      told += 1
    })
    writer.append(Buffer.from('a'), 1_000)
    writer.mark({ kind: 'boot' }, 1_000)
    stop()
    writer.append(Buffer.from('b'), 1_000)
    expect(told).toBe(2)
  })

  it('has one writer for each line', async () => {
    const store = await openStore(await newFolder())
    const writer = await store.open(web)
    await expect(store.open(web)).rejects.toThrow('writer')
    writer.close()
    const renamed = { ...web, server: { id: 'web-01', name: 'new' } }
    await store.open(renamed)
    expect(store.lines()).toEqual([renamed])
  })

  it('is null where nothing is known', async () => {
    const store = await openStore(await newFolder())
    expect(store.reader('none')).toBeNull()
    expect(await store.tail('none', 100)).toBeNull()
    await store.open(web)
    expect(await store.tail('web-01', 100)).toBeNull()
  })

  const ops = fc.array(
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({
          op: fc.constant('append' as const),
          bytes: fc.integer({ min: 1, max: 9_000 }),
        }),
      },
      { weight: 2, arbitrary: fc.record({ op: fc.constant('mark' as const), ms: fc.nat(3_000) }) },
      {
        weight: 1,
        arbitrary: fc.record({
          op: fc.constantFrom('flush' as const, 'drain' as const, 'kill' as const, 'reopen' as const),
        }),
      },
    ),
    { maxLength: 40 },
  )

  it('is read as it was written, whatever was written down, killed or reopened meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(ops, fc.integer({ min: 1, max: 5_000 }), async (steps, most) => {
        let dir = await newFolder()
        let store = await openStore(dir, { lineMib: 0.5 })
        let writer = await store.open(web)
        let written = Buffer.alloc(0)
        const marks: PlacedMark[] = []
        const times: { at: number; time: number }[] = []
        let time = 1_000
        for (const step of steps) {
          switch (step.op) {
            case 'append': {
              const bytes = Buffer.from(
                Array.from({ length: step.bytes }, (_, index) => (written.length + index) % 251),
              )
              writer.append(bytes, time)
              times.push({ at: written.length, time })
              written = Buffer.concat([written, bytes])
              break
            }
            case 'mark':
              time += step.ms
              marks.push({
                at: written.length,
                time,
                mark: { kind: 'power', action: `${marks.length}`, by: 'op' },
              })
              writer.mark(known(marks.at(-1) ?? null).mark, time)
              break
            case 'flush':
              await store.flush()
              break
            case 'drain':
              await store.drain()
              break
            case 'kill':
              await store.flush()
              dir = await copyOf(dir)
              store = await openStore(dir, { lineMib: 0.5 })
              writer = await store.open(web)
              break
            case 'reopen':
              await store.close()
              store = await openStore(dir, { lineMib: 0.5 })
              writer = await store.open(web)
          }
          expect(writer.end).toBe(written.length)
        }
        const reader = known(store.reader('web-01'))
        const runs = await readAll(reader, most)
        expect(Buffer.concat(runs.map(({ bytes }) => bytes)).equals(written)).toBe(true)
        expect(await reader.marks(0, written.length)).toEqual(marks)
        for (const { at, time: came } of times) {
          const told = await reader.timeOf(at)
          expect(told <= came && told > came - 1_000).toBe(true)
          for (const asked of [came - 1, came, came + 1]) {
            const from = await reader.offsetOf(asked)
            expect(from).toBeLessThanOrEqual(times.find((each) => each.time >= asked)?.at ?? written.length)
            const first = times.findLast((each) => each.at <= from)
            if (from < written.length) expect(first?.time).toBeGreaterThan(asked - 1_000)
          }
        }
        const files = await Promise.all(
          (await reader.files()).map(async ({ path, from, bytes }) => ({
            from,
            content: (await readFile(path)).subarray(0, bytes),
          })),
        )
        for (const { from, content } of files) {
          expect(written.subarray(from, from + content.length).equals(content)).toBe(true)
        }
      }),
      { numRuns: 40 },
    )
  })
})

describe('a file with a partial end', () => {
  /** The bytes that are left must be the first ones, whatever was cut. */
  async function expectPrefix(dir: string, whole: string, goesOn: boolean): Promise<number> {
    const store = await openStore(dir)
    const text = await textOf(store, 'web-01')
    expect(whole.startsWith(text)).toBe(true)
    const writer = await store.open(web)
    expect(writer.end).toBe(text.length)
    if (goesOn) {
      writer.append(Buffer.from('+'), 9_000)
      await store.drain()
      expect(await textOf(store, 'web-01')).toBe(`${text}+`)
    }
    return text.length
  }

  it('is healed anywhere in a journal', async () => {
    const dir = await newFolder()
    const store = await openStore(dir)
    const writer = await store.open(web)
    for (const [index, text] of ['first ', 'second ', 'third'].entries()) {
      writer.append(Buffer.from(text), 1_000 * index)
      writer.mark({ kind: 'boot' }, 1_000 * index)
      await store.flush()
    }
    const [journal = ''] = await filesOf(dir, '.log')
    const { size } = await stat(join(dir, journal))
    const lengths = new Set<number>()
    // journal.test.ts cuts at every byte.
    for (let cut = 0; cut <= size; cut += 7) {
      const copy = await copyOf(dir)
      await truncate(join(copy, journal), cut)
      lengths.add(await expectPrefix(copy, 'first second third', cut % 2 === 0))
    }
    expect([...lengths]).toEqual([0, 6, 13, 18])
  })

  it.each(['.seg', '.idx'])('is healed at every byte of a %s file', async (kind) => {
    const dir = await newFolder()
    const store = await openStore(dir)
    const writer = await store.open(web)
    for (const [index, text] of ['first ', 'second ', 'third'].entries()) {
      writer.append(Buffer.from(text), 1_000 * index)
      await store.drain()
    }
    const [file = ''] = await filesOf(dir, kind)
    const { size } = await stat(join(dir, file))
    for (let cut = 0; cut <= size; cut += 1) {
      const copy = await copyOf(dir)
      await truncate(join(copy, file), cut)
      await expectPrefix(copy, 'first second third', cut % 4 === 0)
    }
  })

  it('takes the same journal twice without doubling a byte or a mark', async () => {
    const dir = await newFolder()
    const store = await openStore(dir)
    const writer = await store.open(web)
    writer.append(Buffer.from('one '), 1_000)
    writer.mark({ kind: 'boot' }, 1_000)
    await store.flush()
    writer.append(Buffer.from('two'), 5_000)
    writer.mark({ kind: 'boot' }, 5_000)
    await store.flush()
    const before = await copyOf(dir)
    await store.drain()
    // The segments have it all, and the journal is still there.
    for (const name of await filesOf(before, '.log')) await cp(join(before, name), join(dir, name))
    const again = await openStore(await copyOf(dir))
    expect(await textOf(again, 'web-01')).toBe('one two')
    expect((await known(again.reader('web-01')).marks(0, 100)).map(({ at }) => at)).toEqual([4, 7])
  })
})

describe('a full disk', () => {
  /** A disk on which so much fits. */
  function smallDisk(): Disk & { full: boolean } {
    return {
      ...machineDisk,
      full: false,
      async write(path, at, bytes) {
        if (this.full) throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
        await machineDisk.write(path, at, bytes)
      },
    }
  }

  it('loses what does not fit into memory, says how much, and goes on when there is room', async () => {
    const clock = new ManualClock()
    const disk = smallDisk()
    const store = await openStore(await newFolder(), { clock, disk })
    const writer = await store.open(web)
    const piece = (fill: string) => Buffer.alloc(1024 * 1024, fill)
    writer.append(piece('a'), clock.now())
    await store.drain()
    disk.full = true
    for (const fill of 'bcdefgh') writer.append(piece(fill), clock.now())
    await store.flush()
    expect(writer.end).toBe(8 * 1024 * 1024)
    const reader = known(store.reader('web-01'))
    const gap = { at: 5 * 1024 * 1024, time: clock.now(), mark: { kind: 'gap', lostBytes: 3 * 1024 * 1024 } }
    expect(await reader.marks(0, writer.end)).toEqual([gap])

    disk.full = false
    clock.advance(1_500)
    await store.drain()
    writer.append(piece('i'), clock.now())
    await store.drain()
    for (const each of [
      store,
      await openStore(await copyOf((await reader.files())[0]?.path.replace(/\/[^/]+\/[^/]+$/, '') ?? '')),
    ]) {
      const again = known(each.reader('web-01'))
      expect(await again.marks(0, again.end)).toEqual([gap])
      expect((await readAll(again)).map(({ at, bytes }) => [at, bytes.length])).toEqual([
        [again.start, gap.at - again.start],
        [8 * 1024 * 1024, 1024 * 1024],
      ])
      expect((await each.tail('web-01', 100))?.bytes.toString()).toBe('i'.repeat(100))
    }
  })

  it('takes the oldest segments of all lines away', async () => {
    const clock = new ManualClock()
    const disk = smallDisk()
    const store = await openStore(await newFolder(), { clock, disk })
    const old = await store.open(ref('old'))
    old.append(Buffer.alloc(2 * 1024 * 1024, 'o'), clock.now())
    await store.drain()
    old.append(Buffer.alloc(3 * 1024 * 1024, 'o'), clock.now())
    await store.drain()
    // Its journal goes.
    clock.advance(6 * 60_000)
    await store.flush()
    const young = await store.open(web)
    young.append(Buffer.from('young'), clock.now())
    await store.drain()
    disk.full = true
    const removed = new Promise<void>((resolve) => {
      disk.remove = async (path) => {
        await machineDisk.remove(path)
        if (!path.endsWith('.seg')) return
        disk.full = false
        resolve()
      }
    })
    disk.write = async (path, at, bytes) => {
      // An empty file needs no room.
      if (disk.full && bytes.length > 0) throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
      await machineDisk.write(path, at, bytes)
    }
    young.append(Buffer.from(' and younger'), clock.now())
    await store.flush()
    await removed
    await store.drain()
    expect(await textOf(store, 'web-01')).toBe('young and younger')
    expect(known(store.reader('old')).start).toBe(5 * 1024 * 1024)
    expect(old.end).toBe(5 * 1024 * 1024)
  })
})

describe('a disk that is much too small', () => {
  const CAPACITY = 12 * 1024 * 1024

  function tinyDisk(): Disk & { used(): number } {
    const sizes = new Map<string, number>()
    const used = () => [...sizes.values()].reduce((sum, size) => sum + size, 0)
    return {
      ...machineDisk,
      used,
      capacity: async () => CAPACITY,
      async write(path, at, bytes) {
        const end = at + bytes.reduce((sum, { length }) => sum + length, 0)
        const more = Math.max(0, end - (sizes.get(path) ?? 0))
        // A disk takes its time to say so.
        await immediate()
        if (used() + more > CAPACITY) throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
        sizes.set(path, (sizes.get(path) ?? 0) + more)
        await machineDisk.write(path, at, bytes)
      },
      async remove(path) {
        await machineDisk.remove(path)
        sizes.delete(path)
      },
    }
  }

  it('keeps what fits of the newest bytes, without a gap, and never stops', async () => {
    const clock = new ManualClock()
    const disk = tinyDisk()
    const dir = await newFolder()
    const store = await openStore(dir, { clock, disk })
    const refs = ['a', 'b', 'c', 'd'].map(ref)
    const writers = await Promise.all(refs.map((each) => store.open(each)))
    for (let round = 0; round < 160; round += 1) {
      for (const [index, writer] of writers.entries()) {
        // Two of them stay below what goes to a segment at once.
        writer.append(Buffer.alloc(index < 2 ? 50_000 : 9_000, 'a'.charCodeAt(0) + index), clock.now())
      }
      clock.advance(500)
      await store.flush()
      // It waits for what makes room.
      await store.sweep()
    }
    // Room is made bit by bit.
    for (let round = 0; round < 8; round += 1) {
      clock.advance(1_500)
      await store.drain()
      await store.sweep()
    }
    expect(disk.used()).toBeLessThanOrEqual(CAPACITY)
    for (const each of [store, await openStore(await copyOf(dir))]) {
      let kept = 0
      for (const [index, { server }] of refs.entries()) {
        const reader = known(each.reader(server.id))
        expect(reader.end).toBe(160 * (index < 2 ? 50_000 : 9_000))
        const runs = await readAll(reader)
        const bytes = Buffer.concat(runs.map((run) => run.bytes))
        expect(bytes.equals(Buffer.alloc(reader.end - reader.start, server.id))).toBe(true)
        kept += bytes.length
        expect(await reader.marks(0, reader.end)).toEqual([])
      }
      expect(kept).toBeGreaterThan(500_000)
    }
  })
})

describe('a disk that fails now and then', () => {
  /** Each write fails at random: before it, after a part of it, or after all of it but before the sync. */
  function shakyDisk(next: () => number): Disk & { calm: boolean } {
    return {
      ...machineDisk,
      calm: false,
      async write(path, at, bytes) {
        const dice = this.calm ? 1 : next()
        if (dice > 0.4) return machineDisk.write(path, at, bytes)
        const whole = Buffer.concat(bytes)
        await machineDisk.write(path, at, [
          whole.subarray(0, Math.floor(whole.length * Math.min(1, dice * 4))),
        ])
        throw Object.assign(new Error('fails'), { code: 'EIO' })
      },
    }
  }

  const step = fc.record({
    line: fc.nat(2),
    bytes: fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 60_000, max: 140_000 })),
    next: fc.constantFrom('nothing', 'flush', 'drain', 'wait', 'mark', 'read'),
  })

  it('loses nothing of what fits into memory, to whoever reads meanwhile and to the next process', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 30 }), fc.nat(), async (steps, seed) => {
        const clock = new ManualClock()
        const disk = shakyDisk(random(seed))
        const dir = await newFolder()
        const store = await openStore(dir, { clock, disk, lineMib: 2 })
        const refs = [ref('a'), ref('b'), ref('c')]
        const writers = await Promise.all(refs.map((each) => store.open(each)))
        const written = refs.map(() => Buffer.alloc(0))
        const marked = refs.map((): number[] => [])
        const expectAll = async (from: DiskStore) => {
          for (const [index, { server }] of refs.entries()) {
            const reader = known(from.reader(server.id))
            const all = Buffer.concat((await readAll(reader, 50_000)).map(({ bytes }) => bytes))
            expect(all.equals(written[index] ?? Buffer.alloc(0))).toBe(true)
            expect((await reader.marks(0, reader.end)).map(({ at }) => at)).toEqual(marked[index])
          }
        }
        for (const { line, bytes, next } of steps) {
          const writer = known(writers[line] ?? null)
          const piece = Buffer.alloc(bytes, `${line}${writer.end}`)
          writer.append(piece, clock.now())
          written[line] = Buffer.concat([written[line] ?? Buffer.alloc(0), piece])
          if (next === 'mark') {
            writer.mark({ kind: 'boot' }, clock.now())
            marked[line]?.push(writer.end)
          }
          // They run on while more comes.
          if (next === 'flush') void store.flush()
          if (next === 'drain') void store.drain()
          if (next === 'wait') clock.advance(1_000)
          if (next === 'read') await expectAll(store)
        }
        await expectAll(store)
        disk.calm = true
        clock.advance(1_000)
        await store.flush()
        clock.advance(1_000)
        await store.flush()
        await expectAll(await openStore(await copyOf(dir), { lineMib: 2 }))
        await store.drain()
        await expectAll(store)
        await expectAll(await openStore(await copyOf(dir), { lineMib: 2 }))
      }),
      { numRuns: 20 },
    )
  })
})

describe('limits', () => {
  it('takes what is too old, and forgets a line that is silent for long', async () => {
    const clock = new ManualClock()
    const dir = await newFolder()
    const store = await openStore(dir, { clock, days: 2 })
    const writer = await store.open(web)
    writer.append(Buffer.from('old'), clock.now())
    await store.drain()
    clock.set(25 * 60 * 60_000)
    writer.append(Buffer.from('newer'), clock.now())
    await store.drain()
    expect(await filesOf(dir, '.seg')).toHaveLength(2)
    clock.set(24 * 60 * 60_000)
    await store.sweep()
    expect(await textOf(store, 'web-01')).toBe('newer')
    clock.set(25 * 60 * 60_000)
    await store.sweep()
    expect(await textOf(store, 'web-01')).toBe('')
    expect(writer.end).toBe(8)
    writer.close()
    await store.sweep()
    expect(store.reader('web-01')).toBeNull()
    expect(await filesOf(dir, '.json')).toEqual([])
  })

  it('keeps a line, and all lines, below their sizes', async () => {
    const clock = new ManualClock()
    const dir = await newFolder()
    const store = await openStore(dir, { clock, lineMib: 1, totalMib: 1.5 })
    const names = ['a', 'b']
    const writers = await Promise.all(names.map((name) => store.open(ref(name))))
    for (let round = 0; round < 24; round += 1) {
      for (const [index, writer] of writers.entries()) {
        writer.append(Buffer.alloc(64 * 1024, names[index]), clock.now())
        clock.advance(10)
        await store.drain()
      }
    }
    await store.sweep()
    const sizes = names.map((name) => known(store.reader(name))).map(({ start, end }) => end - start)
    // Journals may take the rest.
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(1024 * 1024)
    for (const size of sizes) expect(size).toBeGreaterThan(300 * 1024)
    const reopened = await openStore(await copyOf(dir), { lineMib: 1, totalMib: 1.5 })
    expect(known(reopened.reader('a')).end).toBe(24 * 64 * 1024)
  })

  it('keeps the last words of a quiet line, however much another says', async () => {
    const clock = new ManualClock()
    const store = await openStore(await newFolder(), { clock, lineMib: 1, totalMib: 1 })
    const quiet = await store.open(ref('quiet'))
    quiet.append(Buffer.from('Kernel panic'), clock.now())
    const busy = await store.open(ref('busy'))
    for (let round = 0; round < 32; round += 1) {
      clock.advance(60_000)
      busy.append(Buffer.alloc(64 * 1024, 'x'), clock.now())
      await store.drain()
    }
    await store.sweep()
    expect(known(store.reader('busy')).start).toBeGreaterThan(0)
    expect(await textOf(store, 'quiet')).toBe('Kernel panic')
  })
})

it('deletes a journal when segments have what it holds', async () => {
  const clock = new ManualClock()
  const dir = await newFolder()
  const store = await openStore(dir, { clock })
  const writer = await store.open(web)
  writer.append(Buffer.from('one'), clock.now())
  await store.flush()
  clock.advance(6 * 60_000)
  await store.flush()
  writer.append(Buffer.from('two'), clock.now())
  await store.flush()
  expect(await filesOf(dir, '.log')).toEqual(['journal-1.log', 'journal-2.log'])
  clock.advance(6 * 60_000)
  await store.flush()
  await store.flush()
  expect(await filesOf(dir, '.log')).toEqual([])
  expect(await textOf(store, 'web-01')).toBe('onetwo')
})
