import { fork } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFile,
  chmod,
  cp,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { testAudit } from '../../testing/audit.ts'
import { ManualClock } from '../../testing/clock.ts'
import { eventsOf, record, subject, textOf } from '../../testing/recordings/recorded-line.ts'
import { maskedStore } from '../line-log/masks/masked-store.ts'
import { Masks } from '../line-log/masks/masks.ts'
import { type Disk, machineDisk } from '../line-log/store/disk.ts'
import { DiskStore } from '../line-log/store/disk-store.ts'
import { recordedByItself } from './audit.ts'
import { encodeEvent, encodeHeader } from './cast.ts'
import type { PartEvent } from './parts.ts'
import { Recorder, type RecorderOptions } from './recorder.ts'
import { expired } from './retention.ts'
import type { RecordingSettings } from './settings.ts'

const DAY_MS = 86_400_000
async function newFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'recordings-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return dir
}

/** The folder as a killed process leaves it. */
async function copyOf(dir: string): Promise<string> {
  const copy = await newFolder()
  await cp(dir, copy, { recursive: true, filter: (path) => !/\/lock\.\d+$/.test(path) })
  return copy
}

function settings(dir: string, change: Partial<RecordingSettings> = {}): RecordingSettings {
  return {
    mode: 'always',
    dir,
    maxMib: 100,
    totalMib: 1000,
    days: 30,
    input: false,
    mayDelete: false,
    ...change,
  }
}

async function openRecorder(
  dir: string,
  change: Partial<RecordingSettings> = {},
  clock?: ManualClock,
  onByItself: RecorderOptions['onByItself'] = () => {},
) {
  const recorder = await Recorder.open({
    settings: settings(dir, change),
    log: { info() {}, warn() {}, error() {} },
    onByItself,
    ...(clock ? { clock } : {}),
  })
  onTestFinished(() => recorder.close())
  return recorder
}

describe('the recorder', () => {
  it('keeps what is known beside the recording, readable by its owner alone', async () => {
    const dir = join(await newFolder(), 'made', 'here')
    const recorder = await openRecorder(dir)
    expect((await stat(dir)).mode & 0o777).toBe(0o700)
    const recording = await record(recorder, { ...subject, serverName: '../../etc/passwd' })
    recording.output(Buffer.from('hello'))
    await recording.stop({ kind: 'stopped', by: 'Ada' })
    await recorder.close()
    expect((await readdir(dir)).sort()).toEqual([
      ...[`${recording.id}.json`, `${recording.id}.notes`].sort(),
      'lines',
    ])
    for (const name of await readdir(dir, { recursive: true })) {
      const facts = await stat(join(dir, name))
      expect(facts.mode & 0o777).toBe(facts.isDirectory() ? 0o700 : 0o600)
    }
    expect(await recorder.get(recording.id)).toMatchObject({
      serverId: 'server-1',
      serverName: '../../etc/passwd',
      sessionId: 'session-1',
      startedBy: 'ops',
      state: 'complete',
      reason: 'Ada stopped it.',
      why: { kind: 'stopped', by: 'Ada' },
      bytes: 'hello'.length + (await stat(join(dir, `${recording.id}.notes`))).size,
    })
  })

  it('lists what is under way as it stands, newest first', async () => {
    const clock = new ManualClock()
    const recorder = await openRecorder(await newFolder(), {}, clock)
    const first = await record(recorder, subject, { clock })
    clock.advance(5_000)
    await first.stop()
    const second = await record(recorder, subject, { clock })
    second.output(Buffer.from('x'.repeat(500)))
    clock.advance(3_000)
    await expect.poll(async () => (await recorder.list()).map(({ id }) => id)).toEqual([second.id, first.id])
    expect(await recorder.get(second.id)).toMatchObject({ state: 'recording', duration: 3, endedAt: null })
    expect((await recorder.get(second.id))?.bytes).toBeGreaterThan(500)
  })

  it('ends every recording when it is closed', async () => {
    const dir = await newFolder()
    const recorder = await openRecorder(dir)
    const recording = await record(recorder)
    recording.output(Buffer.from('last words'))
    await recorder.close()
    expect(await textOf(recorder, recording.id)).toBe('last words')
    expect(await recorder.get(recording.id)).toMatchObject({
      state: 'complete',
      why: { kind: 'shut-down' },
    })
  })

  it('refuses a folder that others can read, and one that cannot be made', async () => {
    const dir = await newFolder()
    await chmod(dir, 0o755)
    await expect(openRecorder(dir)).rejects.toThrow(/^BMS_CONSOLE_RECORDINGS_DIR can be read by others/)
    const file = join(await newFolder(), 'file')
    await writeFile(file, '')
    await expect(openRecorder(file)).rejects.toThrow(/^BMS_CONSOLE_RECORDINGS_DIR cannot be used \(EEXIST\)/)
  })

  it('deletes what is too old at the start and every day, and nothing that is not its own', async () => {
    const dir = await newFolder()
    const clock = new ManualClock(Date.now())
    const foreign = ['notes.txt', 'session.cast', 'a.json']
    for (const name of foreign) {
      await writeFile(join(dir, name), '')
      await utimes(join(dir, name), 0, 0)
    }
    const audit = testAudit()
    const recorder = await openRecorder(dir, { days: 2 }, clock, recordedByItself(audit))
    const recording = await record(recorder)
    await recording.stop()
    await recorder.sweep()
    const long = await record(recorder)
    clock.stall(DAY_MS)
    await recorder.sweep()
    expect(await recorder.get(recording.id)).not.toBeNull()
    clock.stall(DAY_MS + 60_000)
    await expect.poll(() => recorder.get(recording.id)).toBeNull()
    const server = { id: 'server-1', name: 'web-01' }
    await expect
      .poll(() => audit.events)
      .toMatchObject([
        {
          action: 'delete-recording',
          outcome: 'done',
          user: null,
          from: '',
          server,
          session: 'session-1',
          detail: `${recording.id}: The limits of age and size allow no more.`,
        },
      ])
    // A recording under way is never too old.
    expect((await recorder.get(long.id))?.state).toBe('recording')
    expect(await readdir(dir)).toEqual(expect.arrayContaining(foreign))
  })

  it('sweeps one at a time, and again after a sweep that failed', async () => {
    const dir = await newFolder()
    const clock = new ManualClock(Date.now())
    const recorder = await openRecorder(dir, { days: 1 }, clock)
    const expiring = await record(recorder)
    await expiring.stop()
    await recorder.sweep()
    clock.stall(3 * DAY_MS)
    // The daily sweeps run too. None overlaps another, so none counts or deletes a file twice.
    const { folder } = recorder
    const files = folder.files.bind(folder)
    let running = 0
    let most = 0
    let calls = 0
    folder.files = async () => {
      running += 1
      calls += 1
      most = Math.max(most, running)
      try {
        if (calls === 1) throw new Error('The folder cannot be read.')
        return await files()
      } finally {
        running -= 1
      }
    }
    await Promise.all([recorder.sweep(), recorder.sweep(), recorder.sweep()])
    expect(most).toBe(1)
    expect(calls).toBeGreaterThanOrEqual(3)
    expect(await recorder.get(expiring.id)).toBeNull()
  })

  it('reads a folder of many recordings, and skips what is not one', async () => {
    const dir = await newFolder()
    const recorder = await openRecorder(dir)
    const ids = await Promise.all(
      Array.from({ length: 70 }, async () => {
        const recording = await record(recorder)
        await recording.stop()
        return recording.id
      }),
    )
    const broken = `${ids[0]?.replace(/^./, (first) => (first === '0' ? '1' : '0'))}`
    await writeFile(join(dir, `${broken}.json`), '{')
    await expect.poll(async () => (await recorder.list()).length).toBe(70)
    const listed = await recorder.folder.files()
    expect(listed.map(({ id }) => id).sort()).toEqual([...ids, broken].sort())
  })

  it('forgets no recording that starts while the folder is looked through', async () => {
    const recorder = await openRecorder(await newFolder())
    for (let round = 0; round < 100; round++) {
      const recording = await record(recorder)
      // The file is there at another moment of the look in each round.
      const looks = Array.from({ length: 5 }, () => recorder.folder.files())
      await Promise.all(looks)
      await recording.stop()
      expect(await recorder.get(recording.id)).not.toBeNull()
    }
  })

  it('forgets what an administrator deleted by hand', async () => {
    const dir = await newFolder()
    const recorder = await openRecorder(dir)
    const [kept, gone] = [await record(recorder), await record(recorder)]
    await Promise.all([kept.stop(), gone.stop()])
    // What is known of them is written after that.
    await expect.poll(async () => (await recorder.get(gone.id))?.state).toBe('complete')
    await rm(join(dir, `${gone.id}.json`))
    await rm(join(dir, `${gone.id}.notes`))
    await recorder.sweep()
    expect((await recorder.list()).map(({ id }) => id)).toEqual([kept.id])
    expect(await recorder.get(gone.id)).toBeNull()
  })

  it('deletes the oldest when the folder is too large', () => {
    const file = (id: string, modified: number, bytes: number) => ({ id, modified, bytes, serverId: 'a' })
    const files = [file('new', 30, 60), file('old', 10, 60), file('active', 5, 60), file('middle', 20, 60)]
    const limits = { maxAgeMs: 1_000, maxTotalBytes: 130 }
    expect(expired(files, limits, 40, new Set(['active']))).toEqual(['old', 'middle'])
    expect(expired(files, { ...limits, maxTotalBytes: 240 }, 40, new Set())).toEqual([])
    expect(expired(files, { maxAgeMs: 15, maxTotalBytes: 1_000 }, 40, new Set())).toEqual([
      'active',
      'old',
      'middle',
    ])
  })

  it('takes from a line that has more than its share, and nothing from others', () => {
    const file = (serverId: string, modified: number, bytes: number) => ({
      id: `${serverId}${modified}`,
      modified,
      bytes,
      serverId,
    })
    const quiet = [file('quiet', 1, 40), file('quiet', 2, 40)]
    const flood = Array.from({ length: 9 }, (_, at) => file('flood', 10 + at, 100))
    const limits = { maxAgeMs: 1_000, maxTotalBytes: 500 }
    const gone = expired([...flood, ...quiet], limits, 40, new Set(['flood18']))
    expect(gone).toEqual(['flood10', 'flood11', 'flood12', 'flood13', 'flood14'])
    // Where all have the same, the oldest go.
    const even = ['a', 'b', 'c'].flatMap((line, at) => [file(line, at, 100), file(line, 10 + at, 100)])
    expect(expired(even, { ...limits, maxTotalBytes: 450 }, 40, new Set())).toEqual(['a0', 'b1'])
  })

  it('ends where the log ends what an earlier process left open, and lists it as interrupted', async () => {
    const dir = await newFolder()
    const clock = new ManualClock()
    const earlier = await openRecorder(dir, {}, clock)
    const startedAt = clock.now()
    const recording = await record(earlier, subject, { clock })
    clock.advance(2_000)
    recording.output(Buffer.from('kept'))
    await expect
      .poll(async () => {
        clock.advance(1_000)
        const later = await openRecorder(await copyOf(dir), {}, clock)
        return textOf(later, recording.id)
      })
      .toContain('kept')
    const killed = await copyOf(dir)
    await appendFile(join(killed, `${recording.id}.notes`), '["m",2500,4,"half a li')
    const audit = testAudit()
    const later = await openRecorder(killed, {}, clock, recordedByItself(audit))
    expect(audit.events).toMatchObject([
      {
        action: 'stop-recording',
        outcome: 'failed',
        user: null,
        server: { id: 'server-1' },
        detail: `${recording.id}: The server ended during the recording.`,
      },
    ])
    expect(await later.get(recording.id)).toMatchObject({
      state: 'interrupted',
      duration: 2,
      bytes: 4,
      endedAt: new Date(startedAt + 2_000).toISOString(),
    })
    expect(await eventsOf(later, recording.id)).toEqual([
      [0, 'm', 'recording started'],
      [2, 'o', 'kept'],
      [2, 'm', 'The server ended during the recording.'],
    ])
    // What the line says from now on belongs to nobody.
    const next = await record(later, subject, { clock })
    next.output(Buffer.from('and on'))
    expect(await textOf(later, recording.id)).toBe('kept')
    expect(await textOf(later, next.id)).toBe('and on')
  })

  it('says what is missing of one that had ended before its log was on disk', async () => {
    const dir = await newFolder()
    const clock = new ManualClock()
    const earlier = await openRecorder(dir, {}, clock)
    const recording = await record(earlier, subject, { clock })
    recording.output(Buffer.from('kept'))
    await recording.stop()
    await earlier.close()
    // As if the log had lost its end with the machine's power.
    const path = join(dir, `${recording.id}.json`)
    const facts = z
      .looseObject({ range: z.looseObject({ from: z.number(), to: z.number() }) })
      .parse(JSON.parse(await readFile(path, 'utf8')))
    await writeFile(path, JSON.stringify({ ...facts, range: { ...facts.range, to: 10 } }))
    const later = await openRecorder(dir, {}, clock)
    expect(await later.get(recording.id)).toMatchObject({ state: 'interrupted', bytes: 4, lostBytes: 6 })
    expect(await textOf(later, recording.id)).toBe('kept')
  })
})

describe('a recording of a line that said nothing', () => {
  it('stays complete, also when nothing of the line is left', async () => {
    const dir = await newFolder()
    const clock = new ManualClock()
    const recorder = await openRecorder(dir, {}, clock)
    for (const text of ['spoke', '']) {
      const recording = await record(recorder, subject, { clock })
      recording.output(Buffer.from(text))
      await recording.stop()
    }
    await recorder.close()
    for (let start = 0; start < 2; start++) {
      const later = await openRecorder(dir, {}, clock)
      for (const info of await later.list()) {
        expect(info).toMatchObject({ state: 'complete', lostBytes: 0 })
        if (start === 0 && (await textOf(later, info.id)) === 'spoke') await later.remove(info)
      }
      await later.close()
    }
    const [left, ...others] = await (await openRecorder(dir, {}, clock)).list()
    expect([left?.state, others]).toEqual(['complete', []])
    const files = await readdir(join(dir, 'lines'), { recursive: true })
    expect(files.filter((name) => name.endsWith('.seg'))).toEqual([])
  })
})

describe('a recording that was made with other settings', () => {
  it('stays where it is: with a log for all lines, without, and with that log again', async () => {
    const dir = await newFolder()
    const logDir = await newFolder()
    const clock = new ManualClock()
    const log = { info() {}, warn() {}, error() {} }
    const limits = { days: 30, totalMib: 1024, lineMib: 1024 }
    const made: string[] = []
    const run = async (hasLog: boolean, check: (recorder: Recorder) => Promise<void>) => {
      const store = hasLog ? await DiskStore.open({ dir: logDir, ...limits, log, clock }) : null
      const recorder = await Recorder.open({ settings: settings(dir), log, clock, store })
      await check(recorder)
      await recorder.close()
      await store?.close()
    }
    const recordOne = (text: string) => async (recorder: Recorder) => {
      const recording = await record(recorder, subject, { clock })
      recording.output(Buffer.from(text))
      await recording.stop()
      made.push(recording.id)
      clock.advance(1_000)
    }
    const says =
      (...texts: string[]) =>
      async (recorder: Recorder) => {
        expect(await Promise.all(made.map((id) => textOf(recorder, id)))).toEqual(texts)
        expect((await recorder.list()).map(({ state }) => state)).toEqual(texts.map(() => 'complete'))
      }
    await run(false, recordOne('in the folder of recordings'))
    await run(true, recordOne('in the log'))
    await run(true, says('in the folder of recordings', 'in the log'))
    await run(false, async (recorder) => {
      await says('in the folder of recordings', '')(recorder)
      const [, missing] = await eventsOf(recorder, made[1] ?? '')
      expect(missing).toEqual([0, 'm', '10 bytes are in a log that the settings name no more'])
      await recordOne('and on')(recorder)
    })
    await run(true, says('in the folder of recordings', 'in the log', 'and on'))
  })
})

describe('a recording of an earlier version', () => {
  const id = '11111111-1111-4111-8111-111111111111'
  const startedAt = Date.UTC(2026, 0, 1)
  const facts = {
    id,
    serverId: 'server-1',
    serverName: 'web-01',
    sessionId: 's',
    startedBy: 'ops',
    startedAt: new Date(startedAt).toISOString(),
    endedAt: null,
    duration: 0,
    bytes: 0,
    lostBytes: 0,
    state: 'recording',
    reason: null,
  }
  const whole = encodeHeader({ title: 'web-01', startedAt }) + encodeEvent([2, 'o', 'kept'])

  it('is cut where a killed process had written half a line, and is deleted with its file', async () => {
    const dir = await newFolder()
    await writeFile(join(dir, `${id}.json`), JSON.stringify(facts))
    const path = join(dir, `${id}.cast`)
    await writeFile(path, `${whole}[2.5,"o","half a li`)
    const audit = testAudit()
    const recorder = await openRecorder(dir, {}, new ManualClock(), recordedByItself(audit))
    expect(audit.events).toMatchObject([{ action: 'stop-recording', outcome: 'failed' }])
    const info = await recorder.get(id)
    expect(info).toMatchObject({
      state: 'interrupted',
      duration: 2,
      bytes: whole.length,
      endedAt: new Date(startedAt + 2_000).toISOString(),
    })
    expect((await stat(path)).size).toBe(whole.length)
    expect(recorder.folder.source(id)).toEqual({ kind: 'cast', path })
    if (info) await recorder.remove(info)
    expect(await recorder.list()).toEqual([])
    expect(await readdir(dir)).toEqual(['lines'])
  })
})

describe('a recording in parts', () => {
  it.each([
    ['', false],
    [', masks included', true],
  ])('goes on in the next when it is full, and loses nothing between%s', async (_case, masked) => {
    const dir = await newFolder()
    const clock = new ManualClock(Date.now())
    const recorder = await Recorder.open({
      settings: settings(dir, { maxMib: 1, input: true }),
      log: { info() {}, warn() {}, error() {} },
      clock,
    })
    onTestFinished(() => recorder.close())
    const told: PartEvent[] = []
    // The bytes of a line without an end come late.
    const masks = new Masks([{ line: 1, pattern: 'password' }])
    const recording = await record(recorder, subject, {
      clock,
      told: (event) => void told.push(event),
      ...(masked ? { store: maskedStore(recorder.store, masks, clock) } : {}),
    })
    // Two bytes for each character, so some are cut in two.
    const printed = Buffer.from('grüße '.repeat(400_000))
    for (let at = 0; at < printed.length; at += 9_999) {
      recording.output(printed.subarray(at, at + 9_999))
      if (at % 5 === 0) recording.input(Buffer.from('y'))
      clock.advance(60)
      // The disk keeps up: what a slow one loses is another test's.
      await recorder.store.flush()
    }
    const stopped = recording.stop({ kind: 'stopped', by: 'Ada' })
    recording.log.close(false)
    await stopped
    await recorder.close()
    const parts = (await recorder.list()).toSorted((one, other) => one.part - other.part)
    expect(parts.map(({ part }) => part)).toEqual([1, 2, 3, 4])
    expect(parts.map(({ state }) => state)).toEqual(['size-limit', 'size-limit', 'size-limit', 'complete'])
    expect(parts.map(({ sessionId, startedBy }) => [sessionId, startedBy])).toEqual(
      Array.from({ length: 4 }, () => ['session-1', 'ops']),
    )
    const all = async (code: 'o' | 'i') =>
      (await Promise.all(parts.map(({ id }) => textOf(recorder, id, code)))).join('')
    expect(await all('o')).toBe(printed.toString())
    expect((await all('i')).length).toBe(Math.ceil(printed.length / 9_999 / 5))
    for (const { bytes } of parts) expect(bytes).toBeLessThanOrEqual(1024 * 1024)
    expect(told.filter(({ kind }) => kind === 'began').map(({ id }) => id)).toEqual(
      parts.slice(1).map(({ id }) => id),
    )
  })

  it('goes on when the disk has room again, and says what is missing', async () => {
    const dir = await newFolder()
    const clock = new ManualClock(Date.now())
    let full = false
    const disk: Disk = {
      ...machineDisk,
      async write(path, at, bytes, sync) {
        if (full && bytes.length > 0) throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
        await machineDisk.write(path, at, bytes, sync)
      },
    }
    const log = { info() {}, warn() {}, error() {} }
    const limits = { days: 30, totalMib: 1024, lineMib: 1024 }
    const store = await DiskStore.open({
      dir: join(dir, 'lines'),
      keeps: 'held',
      ...limits,
      log,
      clock,
      disk,
    })
    const recorder = await Recorder.open({ settings: settings(dir), log, clock, store })
    onTestFinished(async () => {
      await recorder.close()
      await store.close()
    })
    const told: PartEvent[] = []
    const options = { clock, told: (event: PartEvent) => void told.push(event) }
    const recording = await record(recorder, subject, options)
    recording.output(Buffer.from('before'))
    full = true
    // So much waits in memory, and comes to the disk when there is room.
    const waiting = Buffer.alloc(4 * 1024 * 1024 - 6, 'w')
    recording.output(waiting)
    await store.flush()
    expect(recording.isOn).toBe(true)
    recording.output(Buffer.from('12345'))
    await expect.poll(() => recording.isOn).toBe(false)
    clock.advance(30_000)
    // It still is: this part leaves nothing behind.
    await store.flush()
    expect(recording.isOn).toBe(false)
    recording.output(Buffer.from('678'))
    await expect.poll(() => told.length).toBe(1)
    full = false
    clock.advance(2_000)
    await store.drain()
    recording.output(Buffer.from('after'))
    expect(recording.isOn).toBe(true)
    await recording.stop({ kind: 'stopped', by: 'Ada' })
    await recorder.close()
    const parts = (await recorder.list()).toSorted((one, other) => one.part - other.part)
    expect(parts.map(({ part, state, lostBytes }) => [part, state, lostBytes])).toEqual([
      [1, 'write-failed', 0],
      [2, 'complete', 0],
    ])
    const [first, last] = await Promise.all(parts.map(({ id }) => textOf(recorder, id)))
    expect(first).toBe(`before${waiting}`)
    expect(last).toBe('after')
    const markers = (await eventsOf(recorder, parts[1]?.id ?? '')).map(([, , text]) => text)
    expect(markers).toContain(
      '8 bytes of 32 s were not recorded: The recording could not be written (ENOSPC).',
    )
    expect(told.map(({ kind }) => kind)).toEqual(['ended', 'began'])
  })

  it('is written down as it ended, however slowly its begin is written', async () => {
    const recorder = await openRecorder(await newFolder())
    const write = recorder.folder.writeInfo.bind(recorder.folder)
    let goOn = () => {}
    const slow = new Promise<void>((resolve) => {
      goOn = resolve
    })
    const written: string[] = []
    recorder.folder.writeInfo = async (info, range) => {
      if (info.state === 'recording') await slow
      await write(info, range)
      written.push(info.state)
    }
    const recording = await record(recorder)
    const stopped = recording.stop({ kind: 'stopped', by: 'Ada' })
    // The end has time to be first.
    await recorder.store.flush()
    await recorder.sweep()
    goOn()
    await stopped
    await expect.poll(() => written).toHaveLength(2)
    expect(written).toEqual(['recording', 'complete'])
    expect(await recorder.get(recording.id)).toMatchObject({ state: 'complete' })
  })

  it('is told once when the disk does not take it, and not again when it is stopped', async () => {
    const dir = await newFolder()
    const recorder = await openRecorder(dir)
    recorder.folder.writeInfo = async () => {
      throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
    }
    const told: PartEvent[] = []
    const second = await record(recorder, subject, { told: (event) => void told.push(event) })
    await expect.poll(() => second.isOn).toBe(false)
    expect(told.at(-1)).toMatchObject({ kind: 'ended', id: second.id })
    second.retryNow()
    await expect.poll(() => told.map(({ kind }) => kind)).toEqual(['ended', 'began', 'ended'])
    await second.stop({ kind: 'stopped', by: 'Ada' })
    // Its end was told, and is not told again.
    expect(await second.ended).toBeNull()
    // A part after the first leaves nothing behind.
    await expect.poll(async () => (await recorder.list()).map(({ part }) => part)).toEqual([1])
  })
})

describe('kill -9 during a recording', () => {
  const Told = z.object({ id: z.string(), ran: z.number() })

  it.each(['steady', 'flood'])(
    'leaves a recording that plays to within the last second (%s)',
    async (pace) => {
      const dir = await newFolder()
      const child = fork(
        fileURLToPath(new URL('../../testing/recordings/crash-child.ts', import.meta.url)),
        [dir, pace],
        {
          execArgv: ['--import', 'tsx'],
        },
      )
      let told: z.infer<typeof Told>
      do {
        const [message] = await once(child, 'message')
        told = Told.parse(message)
        // Two flushes of half a second, and a part of the third.
      } while (told.ran < 1_300)
      const killedAt = Date.now()
      child.kill('SIGKILL')
      await once(child, 'exit')

      const recorder = await openRecorder(dir)
      const [info] = await recorder.list()
      expect(info).toMatchObject({ id: told.id, state: 'interrupted', startedBy: 'tester' })
      const printed = (await textOf(recorder, told.id))
        .split('\r\n')
        .filter((line) => /^\d+ \d+ \.+$/.test(line))
        .map((line) => line.split(' ').map(Number))
      if (pace === 'steady')
        expect(printed.map(([number]) => number)).toEqual(printed.map((_, index) => index))
      expect(killedAt - (printed.at(-1)?.[1] ?? 0)).toBeLessThan(1_000)
      expect(told.ran / 1000 - (info?.duration ?? 0)).toBeLessThan(1)
    },
  )
})
