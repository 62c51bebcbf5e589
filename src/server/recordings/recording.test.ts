import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ManualClock } from '../../testing/clock.ts'
import { eventsOf, record, subject, textOf } from '../../testing/recordings/recorded-line.ts'
import { maskedStore } from '../line-log/masks/masked-store.ts'
import { Masks } from '../line-log/masks/masks.ts'
import { type Disk, machineDisk } from '../line-log/store/disk.ts'
import { DiskStore } from '../line-log/store/disk-store.ts'
import type { NoteSink } from './note-writer.ts'
import { Recorder, type RecorderOptions } from './recorder.ts'
import type { RecordingSettings } from './settings.ts'

const MIB = 1024 * 1024
const log = { info() {}, warn() {}, error() {} }

async function newFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'recording-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return dir
}

interface SetUp extends Partial<RecordingSettings>, Pick<RecorderOptions, 'notes'> {
  /** One for each digit */
  masked?: boolean
  disk?: Disk
}

async function setUp(options: SetUp = {}) {
  const { masked = false, disk, notes, ...change } = options
  const dir = await newFolder()
  const clock = new ManualClock()
  const settings: RecordingSettings = {
    mode: 'always',
    dir,
    maxMib: 100,
    totalMib: 1000,
    days: 30,
    input: false,
    mayDelete: false,
    ...change,
  }
  const store = disk
    ? await DiskStore.open({
        dir: join(dir, 'lines'),
        keeps: 'held',
        days: 30,
        totalMib: 1000,
        lineMib: 1000,
        log,
        clock,
        disk,
      })
    : null
  const recorder = await Recorder.open({ settings, log, clock, store, ...(notes ? { notes } : {}) })
  onTestFinished(async () => {
    await recorder.close()
    await store?.close()
  })
  const masks = new Masks([{ line: 1, pattern: '\\d+' }])
  const front = masked ? { store: maskedStore(recorder.store, masks, clock) } : {}
  const start = () => record(recorder, subject, { clock, ...front })
  const events = (id: string) => eventsOf(recorder, id)
  const markers = async (id: string) =>
    (await events(id)).filter(([, code]) => code === 'm').map(([, , text]) => text)
  return { dir, clock, recorder, start, events, markers, text: textOf.bind(null, recorder) }
}

/** Any code point. The library's own `unit: 'binary'` is the same, but takes more than a second to make. */
const codePoint = fc
  .oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((code) => String.fromCodePoint(code))

describe('a masked recording', () => {
  it('holds what the mask passes on, and what is typed as it is', async () => {
    const { start, text } = await setUp({ masked: true, input: true })
    const recording = await start()
    recording.output(new Uint8Array(Buffer.from('pin 12')))
    recording.input(Buffer.from('12'))
    recording.output(Buffer.from('34\nnext 5'))
    const stopped = recording.stop()
    recording.log.close(false)
    await stopped
    expect(await text(recording.id)).toBe('pin ****\nnext *')
    expect(await text(recording.id, 'i')).toBe('12')
  })

  it('has markers behind what came before them', async () => {
    const { start, events } = await setUp({ masked: true })
    const recording = await start()
    recording.output(Buffer.from('half'))
    recording.marker('connection lost')
    recording.output(Buffer.from(' 1'))
    const stopped = recording.stop()
    recording.log.close(false)
    await stopped
    const told = (await events(recording.id)).map(([, code, text]) => `${code} ${text}`)
    expect(told).toEqual(['m recording started', 'o half', 'm connection lost', 'o  *', 'm Nobody is there.'])
  })

  it('has what waits in the mask when it has left', async () => {
    const { start, clock, text, events } = await setUp({ masked: true })
    const recording = await start()
    recording.output(Buffer.from('login: 1'))
    expect(await text(recording.id)).toBe('')
    expect((await events(recording.id)).map(([, code]) => code)).toEqual(['m'])
    clock.advance(1_000)
    expect(await text(recording.id)).toBe('login: *')
  })
})

describe('a recording', () => {
  it('holds the same text, however the bytes are split', async () => {
    const { start, text } = await setUp()
    const printing = fc.string({ unit: codePoint, maxLength: 300 })
    await fc.assert(
      fc.asyncProperty(printing, fc.array(fc.nat(40)), async (printed, cuts) => {
        const recording = await start()
        const bytes = Buffer.from(printed)
        let from = 0
        for (const length of cuts) {
          recording.output(bytes.subarray(from, from + length))
          from += length
        }
        recording.output(bytes.subarray(from))
        await recording.stop()
        expect(await text(recording.id)).toBe(bytes.toString('utf8'))
      }),
      { numRuns: 50 },
    )
  })

  it('is a valid file whatever the bytes are, and ends where it was stopped', async () => {
    const { start, text } = await setUp()
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 50 })), async (chunks) => {
        const recording = await start()
        for (const chunk of chunks) recording.output(chunk)
        await recording.stop()
        recording.log.append(Buffer.from('not recorded'))
        expect(await text(recording.id)).toBe(Buffer.concat(chunks).toString('utf8'))
      }),
      { numRuns: 50 },
    )
  })

  it('shows an invalid byte as U+FFFD, and keeps it as it came', async () => {
    const { start, text, recorder } = await setUp()
    const recording = await start()
    recording.output(Buffer.from([0x41, 0xff, 0x42]))
    await recording.stop()
    expect(await text(recording.id)).toBe('A\ufffdB')
    const kept = await recorder.store.heldReader('server-1')?.read(0, 100)
    expect(kept?.bytes).toEqual(Buffer.from([0x41, 0xff, 0x42]))
  })

  it('keeps the time of each piece, and joins what comes at once', async () => {
    const { start, clock, events, recorder } = await setUp()
    const recording = await start()
    clock.advance(1_500)
    recording.output(Buffer.from('a'))
    clock.advance(10)
    recording.output(Buffer.from('b'))
    clock.advance(40)
    recording.output(Buffer.from('c'))
    clock.advance(20)
    recording.output(Buffer.from('d'))
    recording.marker('connection lost')
    await recording.stop()
    const expected = [
      [0, 'm', 'recording started'],
      [1.5, 'o', 'ab'],
      [1.55, 'o', 'c'],
      [1.57, 'o', 'd'],
      [1.57, 'm', 'connection lost'],
      [1.57, 'm', 'Nobody is there.'],
    ]
    expect(await events(recording.id)).toEqual(expected)
    const { bytes } = (await recording.ended) ?? { bytes: 0 }
    expect(await recording.ended).toMatchObject({ state: 'complete', duration: 1.57 })
    // Four bytes, and some notes.
    expect(bytes).toBeGreaterThan(100)
    await recorder.close()
    expect(await events(recording.id)).toEqual(expected)
  })

  it('has the size of the terminals, also at the beginning of each part', async () => {
    const { start, events, clock, recorder } = await setUp({ maxMib: 1 })
    const recording = await start()
    recording.output(Buffer.from('a'))
    clock.advance(1_000)
    recording.resized({ columns: 120, rows: 40 })
    recording.output(Buffer.from('b'))
    recording.output(Buffer.alloc(1024 * 1024, 'c'))
    await recording.stop()
    const sizes = async (id: string) => (await events(id)).filter(([, code]) => code === 'r')
    expect(await sizes(recording.id)).toEqual([[1, 'r', '120x40']])
    await expect.poll(async () => (await recorder.list()).length).toBe(2)
    const next = (await recorder.list()).find(({ part }) => part === 2)
    expect(await sizes(next?.id ?? '')).toEqual([[0, 'r', '120x40']])
  })

  it('has true times when the clock of the machine is set', async () => {
    const dir = await newFolder()
    const wall = new ManualClock()
    const clock = new ManualClock()
    const settings = { mode: 'always', dir, maxMib: 100, totalMib: 100, days: 30 } as const
    const recorder = await Recorder.open({
      settings: { ...settings, input: false, mayDelete: false },
      log,
      clock,
      wall,
    })
    onTestFinished(() => recorder.close())
    const recording = await record(recorder, subject, { clock: wall })
    for (const text of ['a', 'b', 'c']) {
      clock.advance(1_000)
      wall.advance(1_000)
      recording.output(Buffer.from(text))
      wall.set(text === 'a' ? 3_600_000 : -7_200_000)
    }
    await recording.stop()
    const said = (await eventsOf(recorder, recording.id)).filter(([, code]) => code === 'o')
    expect(said).toEqual([
      [1, 'o', 'a'],
      [2, 'o', 'b'],
      [3, 'o', 'c'],
    ])
  })

  it('is on disk within a second, also without an end', async () => {
    const { start, dir, clock } = await setUp()
    const recording = await start()
    for (let tenth = 0; tenth < 30; tenth += 1) {
      recording.output(Buffer.from(`${tenth};`))
      clock.advance(100)
      if (tenth % 10 !== 9) continue
      // What the clock has started runs to its end.
      await expect
        .poll(async () => {
          const copy = await newFolder()
          await cp(dir, copy, { recursive: true, filter: (path) => !/\/lock\.\d+$/.test(path) })
          const settings = { mode: 'always', dir: copy, maxMib: 100, totalMib: 100, days: 30 } as const
          const later = await Recorder.open({
            settings: { ...settings, input: false, mayDelete: false },
            log,
            clock: new ManualClock(),
          })
          onTestFinished(() => later.close())
          return (await textOf(later, recording.id)).split(';').length - 1
          // Printed up to one second ago.
        })
        .toBeGreaterThanOrEqual(tenth + 1 - 10)
    }
  }, 60_000)

  it('keeps what is typed only where policy says so', async () => {
    for (const input of [false, true]) {
      const { start, text } = await setUp({ input })
      const recording = await start()
      recording.input(Buffer.from('secret\r'))
      recording.output(Buffer.from('***'))
      await recording.stop()
      expect(await text(recording.id, 'i')).toBe(input ? 'secret\r' : '')
      expect(await text(recording.id)).toBe('***')
    }
  })

  it('makes few events and few writes of a flood', async () => {
    const { start, text, events, clock, recorder } = await setUp()
    const notes = recorder.folder.notes.bind(recorder.folder)
    let writes = 0
    recorder.folder.notes = (id) => {
      const sink = notes(id)
      const write = (data: string) => {
        writes += 1
        return sink.write(data)
      }
      return { ...sink, write }
    }
    const recording = await start()
    const chunk = Buffer.alloc(1024, 'x')
    for (let count = 0; count < 8 * 1024; count += 1) {
      recording.output(chunk)
      if (count % 64 !== 0) continue
      clock.advance(1)
      await recorder.store.flush()
    }
    await recording.stop()
    expect(await text(recording.id)).toHaveLength(8 * MIB)
    expect((await events(recording.id)).length).toBeLessThan((8 * MIB) / (32 * 1024))
    expect(writes).toBeGreaterThan(0)
    expect(writes).toBeLessThan(100)
  })

  it('waits for no disk: it loses bytes, in bounded memory, and says how many', async () => {
    let release: () => void = () => {}
    let hold: Promise<void> | null = null
    const disk: Disk = {
      ...machineDisk,
      async write(path, at, bytes, sync) {
        await hold
        await machineDisk.write(path, at, bytes, sync)
      },
    }
    const { start, text, markers, clock, recorder } = await setUp({ disk })
    const recording = await start()
    await expect.poll(() => recorder.get(recording.id)).not.toBeNull()
    hold = new Promise((resolve) => {
      release = resolve
    })
    const chunk = Buffer.alloc(64 * 1024, 'x')
    for (let count = 0; count < 1024; count += 1) recording.output(chunk)
    const now = await recorder.get(recording.id)
    expect(now?.bytes).toBeLessThan(4.4 * MIB)
    expect(now?.lostBytes).toBeGreaterThan(50 * MIB)
    // It is slow and takes all in the end, so the recording is on.
    expect(recording.isOn).toBe(true)
    hold = null
    release()
    await recorder.store.flush()
    clock.advance(1_500)
    await recorder.store.flush()
    recording.output(Buffer.from('and on'))
    await recording.stop()
    const { lostBytes = 0 } = (await recorder.get(recording.id)) ?? {}
    expect((await text(recording.id)).length + lostBytes).toBe(64 * MIB + 'and on'.length)
    expect(await text(recording.id)).toMatch(/and on$/)
    expect(await markers(recording.id)).toContain(
      `${lostBytes} bytes were not recorded: the disk could not take them`,
    )
    expect(await recording.ended).toMatchObject({ state: 'complete', lostBytes })
  })

  it('ends at its size limit with a marker, and takes no more', async () => {
    const { start, clock, recorder, events, markers } = await setUp({ maxMib: 1 })
    const recording = await start()
    for (let count = 0; count < 1_500; count += 1) {
      recording.output(Buffer.alloc(1024, 'x'))
      clock.advance(100)
    }
    await expect.poll(async () => (await recorder.get(recording.id))?.state).toBe('size-limit')
    const { bytes = 0 } = (await recorder.get(recording.id)) ?? {}
    expect(bytes).toBeLessThanOrEqual(MIB)
    expect(bytes).toBeGreaterThan(0.98 * MIB)
    expect((await markers(recording.id)).at(-1)).toBe('The recording reached its limit of 1 MiB.')
    const before = await events(recording.id)
    recording.marker('too late')
    await recording.stop()
    expect(await markers(recording.id)).not.toContain('too late')
    expect(await events(recording.id)).toEqual(before)
  })

  it('ends when it cannot be written down', async () => {
    const { start, recorder } = await setUp()
    const writeInfo = recorder.folder.writeInfo.bind(recorder.folder)
    recorder.folder.writeInfo = async () => {
      throw Object.assign(new Error('no'), { code: 'EACCES' })
    }
    const recording = await start()
    recording.output(Buffer.from('x'))
    await expect.poll(() => recording.isOn).toBe(false)
    recorder.folder.writeInfo = writeInfo
    await expect
      .poll(async () => await recorder.get(recording.id))
      .toMatchObject({
        state: 'write-failed',
        why: { kind: 'not-written', code: 'EACCES' },
        bytes: 0,
      })
    // The log has what came meanwhile, so the next part has all of it.
    recording.output(Buffer.from('y'))
    recording.retryNow()
    expect(recording.isOn).toBe(true)
    await recording.stop()
    const last = async () => (await recorder.list()).find(({ part }) => part === 2)
    await expect.poll(last).toMatchObject({ state: 'complete', lostBytes: 0 })
    expect(await textOf(recorder, (await last())?.id ?? '')).toBe('xy')
  })

  it('says when what was typed could not be written', async () => {
    let full = false
    let file = ''
    const notes = (): NoteSink => ({
      async write(data) {
        if (full) {
          file += data.slice(0, data.length / 2)
          throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
        }
        file += data
      },
      async truncate(bytes) {
        file = file.slice(0, bytes)
      },
    })
    const { start, clock } = await setUp({ notes, input: true })
    const recording = await start()
    const settled = async () => {
      for (let turn = 0; turn < 20; turn++) await Promise.resolve()
    }
    for (const [text, isFull] of [
      ['one', false],
      ['two', true],
      ['three', false],
      ['four', true],
    ] as const) {
      full = isFull
      recording.input(Buffer.from(text))
      clock.advance(600)
      await settled()
      clock.advance(5_000)
      await settled()
    }
    // Each is there once, though half of some was written before.
    for (const text of ['one', 'two', 'three']) expect(file.split(`"${text}"`)).toHaveLength(2)
    await recording.stop()
    expect(await recording.ended).toMatchObject({
      state: 'write-failed',
      why: { kind: 'typed-not-written', code: 'ENOSPC' },
    })
  })
  it('says so also where the disk takes the rest again', async () => {
    let full = true
    const notes = (): NoteSink => ({
      async write() {
        if (full) throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
      },
      async truncate() {},
    })
    const { start, clock } = await setUp({ notes, input: true })
    const recording = await start()
    for (let count = 0; count < 20; count++) {
      recording.input(Buffer.alloc(64 * 1024, 'x'))
      clock.advance(60)
    }
    full = false
    await recording.stop()
    expect(await recording.ended).toMatchObject({
      state: 'write-failed',
      why: { kind: 'typed-lost', bytes: expect.any(Number) },
    })
  })
})
