import { fork } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, chmod, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { testAudit } from '../../testing/audit.ts'
import { ManualClock } from '../../testing/clock.ts'
import { recordedByItself } from './audit.ts'
import type { PartEvent } from './parts.ts'
import { Recorder, type RecorderOptions } from './recorder.ts'
import type { OpenMask } from './recording.ts'
import { expired } from './retention.ts'
import type { RecordingSettings } from './settings.ts'

const DAY_MS = 86_400_000
const subject = {
  serverId: 'server-1',
  serverName: 'web-01',
  project: null,
  sessionId: 'session-1',
  startedBy: 'ops',
  startedById: 'ops-1',
}

async function newFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'recordings-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  return dir
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
    log: { info() {}, warn() {} },
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
    const recording = recorder.start({ ...subject, serverName: '../../etc/passwd' })
    recording.output(Buffer.from('hello'))
    await recording.stop('The console was closed.')
    await recorder.close()
    expect((await readdir(dir)).sort()).toEqual([`${recording.id}.cast`, `${recording.id}.json`])
    for (const name of await readdir(dir)) expect((await stat(join(dir, name))).mode & 0o777).toBe(0o600)
    expect(await recorder.get(recording.id)).toMatchObject({
      serverId: 'server-1',
      serverName: '../../etc/passwd',
      sessionId: 'session-1',
      startedBy: 'ops',
      state: 'complete',
      reason: 'The console was closed.',
      bytes: (await stat(join(dir, `${recording.id}.cast`))).size,
    })
  })

  it('lists what is under way as it stands, newest first', async () => {
    const clock = new ManualClock()
    const recorder = await openRecorder(await newFolder(), {}, clock)
    const first = recorder.start(subject)
    clock.advance(5_000)
    await first.stop('done')
    const second = recorder.start(subject)
    second.output(Buffer.from('x'.repeat(500)))
    clock.advance(3_000)
    await expect.poll(async () => (await recorder.list()).map(({ id }) => id)).toEqual([second.id, first.id])
    expect(await recorder.get(second.id)).toMatchObject({ state: 'recording', duration: 3, endedAt: null })
    expect((await recorder.get(second.id))?.bytes).toBeGreaterThan(500)
  })

  it('ends every recording when it is closed', async () => {
    const dir = await newFolder()
    const recorder = await openRecorder(dir)
    const recording = recorder.start(subject)
    recording.output(Buffer.from('last words'))
    await recorder.close()
    expect(await readFile(join(dir, `${recording.id}.cast`), 'utf8')).toContain('last words')
    expect(await recorder.get(recording.id)).toMatchObject({
      state: 'complete',
      reason: 'The server was shut down.',
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
    const recording = recorder.start(subject)
    await recording.stop('done')
    await recorder.sweep()
    const long = recorder.start(subject)
    clock.advance(DAY_MS)
    await recorder.sweep()
    expect(await recorder.get(recording.id)).not.toBeNull()
    clock.advance(DAY_MS + 60_000)
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
    const expiring = recorder.start(subject)
    await expiring.stop('done')
    await recorder.sweep()
    clock.advance(3 * DAY_MS)
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
        const recording = recorder.start(subject)
        await recording.stop('done')
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
      const recording = recorder.start(subject)
      // The file is there at another moment of the look in each round.
      const looks = Array.from({ length: 5 }, () => recorder.folder.files())
      await Promise.all(looks)
      await recording.stop('done')
      expect(await recorder.get(recording.id)).not.toBeNull()
    }
  })

  it('forgets what an administrator deleted by hand', async () => {
    const dir = await newFolder()
    const recorder = await openRecorder(dir)
    const [kept, gone] = [recorder.start(subject), recorder.start(subject)]
    await Promise.all([kept.stop('done'), gone.stop('done')])
    // What is known of them is written after that.
    await expect.poll(async () => (await recorder.get(gone.id))?.state).toBe('complete')
    await rm(join(dir, `${gone.id}.json`))
    await rm(join(dir, `${gone.id}.cast`))
    await recorder.sweep()
    expect((await recorder.list()).map(({ id }) => id)).toEqual([kept.id])
    expect(await recorder.get(gone.id)).toBeNull()
  })

  it('deletes the oldest when the folder is too large', () => {
    const file = (id: string, modified: number, bytes: number) => ({ id, modified, bytes })
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

  it('cuts half a line off what an earlier process left open, and lists it as interrupted', async () => {
    const dir = await newFolder()
    const clock = new ManualClock()
    const earlier = await openRecorder(dir, {}, clock)
    const startedAt = clock.now()
    const recording = earlier.start(subject)
    clock.advance(2_000)
    recording.output(Buffer.from('kept'))
    clock.advance(1_000)
    const path = join(dir, `${recording.id}.cast`)
    await expect.poll(() => readFile(path, 'utf8').catch(() => '')).toContain('kept')
    const whole = (await stat(path)).size
    await appendFile(path, '[2.5,"o","half a li')
    const audit = testAudit()
    const later = await openRecorder(dir, {}, clock, recordedByItself(audit))
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
      bytes: whole,
      endedAt: new Date(startedAt + 2_000).toISOString(),
    })
    expect((await stat(path)).size).toBe(whole)
  })
})

describe('a recording in parts', () => {
  const textOf = async (dir: string, id: string) => {
    const [, ...events] = (await readFile(join(dir, `${id}.cast`), 'utf8')).trimEnd().split('\n')
    const parsed = events.map((line) => z.tuple([z.number(), z.string(), z.string()]).parse(JSON.parse(line)))
    return (code: string) => parsed.filter((event) => event[1] === code).map((event) => event[2])
  }

  /** Passes on each piece one late. */
  const late: OpenMask = (pass) => {
    let waiting = Buffer.alloc(0)
    const push = (bytes: Buffer) => {
      const due = waiting
      waiting = Buffer.from(bytes)
      pass(due)
    }
    return { push, flush: () => push(Buffer.alloc(0)) }
  }

  it.each([
    ['', null],
    [', masks included', late],
  ])('goes on in the next when it is full, and loses nothing between%s', async (_case, mask) => {
    const dir = await newFolder()
    const clock = new ManualClock(Date.now())
    const recorder = await Recorder.open({
      settings: settings(dir, { maxMib: 1, input: true }),
      log: { info() {}, warn() {} },
      clock,
      mask,
    })
    onTestFinished(() => recorder.close())
    const told: PartEvent[] = []
    const recording = recorder.start(subject, (event) => void told.push(event))
    // Two bytes for each character, so some are cut in two.
    const printed = Buffer.from('grüße '.repeat(400_000))
    for (let at = 0; at < printed.length; at += 9_999) {
      recording.output(printed.subarray(at, at + 9_999))
      if (at % 5 === 0) recording.input(Buffer.from('y'))
      clock.advance(60)
      // The files keep up: what a slow disk loses is another test's.
      await recorder.folder.files()
    }
    await recording.stop('Ada stopped it.')
    await recorder.close()
    const parts = (await recorder.list()).toSorted((one, other) => one.part - other.part)
    expect(parts.map(({ part }) => part)).toEqual([1, 2, 3, 4])
    expect(parts.map(({ state }) => state)).toEqual(['size-limit', 'size-limit', 'size-limit', 'complete'])
    expect(parts.map(({ sessionId, startedBy }) => [sessionId, startedBy])).toEqual(
      Array.from({ length: 4 }, () => ['session-1', 'ops']),
    )
    const casts = await Promise.all(parts.map(({ id }) => textOf(dir, id)))
    expect(casts.flatMap((text) => text('o')).join('')).toBe(printed.toString())
    expect(casts.flatMap((text) => text('i')).join('').length).toBe(Math.ceil(printed.length / 9_999 / 5))
    for (const { bytes } of parts) expect(bytes).toBeLessThanOrEqual(1024 * 1024)
    expect(told.filter(({ kind }) => kind === 'began').map(({ id }) => id)).toEqual(
      parts.slice(1).map(({ id }) => id),
    )
  })

  it('goes on when the disk has room again, and says what is missing', async () => {
    const dir = await newFolder()
    const clock = new ManualClock(Date.now())
    let full = false
    const files: Buffer[] = []
    const recorder = await Recorder.open({
      settings: settings(dir),
      log: { info() {}, warn() {} },
      clock,
      sink: async (id) => {
        await writeFile(join(dir, `${id}.cast`), '')
        const index = files.push(Buffer.alloc(0)) - 1
        return {
          async write(data) {
            if (full) throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
            files[index] = Buffer.concat([files[index] ?? Buffer.alloc(0), data])
          },
          async truncate() {},
          async close() {},
        }
      },
    })
    onTestFinished(() => recorder.close())
    const told: PartEvent[] = []
    const recording = recorder.start(subject, (event) => void told.push(event))
    recording.output(Buffer.from('before'))
    clock.advance(1_000)
    await expect.poll(() => files[0]?.toString()).toContain('before')
    full = true
    recording.output(Buffer.from('gone'))
    clock.advance(1_000)
    await expect.poll(() => recording.isOn).toBe(false)
    recording.output(Buffer.from('12345'))
    clock.advance(30_000)
    // It still is: this part leaves nothing behind.
    await expect.poll(() => told.length).toBe(3)
    await expect.poll(() => recording.isOn).toBe(false)
    full = false
    recording.output(Buffer.from('678'))
    clock.advance(30_000)
    expect(recording.isOn).toBe(true)
    recording.output(Buffer.from('after'))
    await recording.stop('Ada stopped it.')
    await recorder.close()
    const parts = (await recorder.list()).toSorted((one, other) => one.part - other.part)
    expect(parts.map(({ part, state }) => [part, state])).toEqual([
      [1, 'write-failed'],
      [3, 'complete'],
    ])
    const last = files.at(-1)?.toString() ?? ''
    expect(last).toContain('were not recorded: The recording could not be written (ENOSPC).')
    expect(last).toContain('after')
    expect(told.map(({ kind }) => kind)).toEqual(['ended', 'began', 'ended', 'began'])

    const second = recorder.start(subject, (event) => void told.push(event))
    full = true
    clock.advance(1_000)
    await expect.poll(() => second.isOn).toBe(false)
    expect(told.at(-1)).toMatchObject({ kind: 'ended', id: second.id })
    await second.stop('Ada stopped it.')
    // Its end was told, and is not told again.
    expect(await second.ended).toBeNull()
  })
})

describe('kill -9 during a recording', () => {
  const Told = z.object({ id: z.string(), ran: z.number() })

  it.each(['steady', 'flood'])('leaves a file that plays to within the last second (%s)', async (pace) => {
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
    const lines = (await readFile(join(dir, `${told.id}.cast`), 'utf8')).split('\n')
    expect(lines.pop()).toBe('')
    const printed = lines
      .slice(1)
      .map((line) => z.tuple([z.number(), z.enum(['o', 'm']), z.string()]).parse(JSON.parse(line)))
      .filter(([, code]) => code === 'o')
      .map(([, , text]) => text)
      .join('')
      .split('\r\n')
      .filter((line) => /^\d+ \d+ \.+$/.test(line))
      .map((line) => line.split(' ').map(Number))
    if (pace === 'steady') expect(printed.map(([number]) => number)).toEqual(printed.map((_, index) => index))
    expect(killedAt - (printed.at(-1)?.[1] ?? 0)).toBeLessThan(1_000)
    expect(told.ran / 1000 - (info?.duration ?? 0)).toBeLessThan(1)
  })
})
