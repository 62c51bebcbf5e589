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
import { Recorder, type RecorderOptions } from './recorder.ts'
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

  it('forgets what an administrator deleted by hand', async () => {
    const dir = await newFolder()
    const recorder = await openRecorder(dir)
    const [kept, gone] = [recorder.start(subject), recorder.start(subject)]
    await Promise.all([kept.stop('done'), gone.stop('done')])
    await recorder.sweep()
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
      endedAt: new Date(recording.startedAt + 2_000).toISOString(),
    })
    expect((await stat(path)).size).toBe(whole)
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
