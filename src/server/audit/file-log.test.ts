import {
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { AuditFilter } from '../../shared/audit.ts'
import { ManualClock } from '../../testing/clock.ts'
import { ConfigError } from '../environment.ts'
import { eventIn } from './event.ts'
import { FileLog, type FileLogOptions } from './file-log.ts'
import { openAudit } from './open.ts'
import { readPage } from './read-page.ts'

async function start(options: Partial<FileLogOptions> = {}) {
  const dir = await mkdtemp(join(tmpdir(), 'audit-'))
  const path = join(dir, 'audit.log')
  const clock = new ManualClock()
  const errors: unknown[] = []
  const reopen = async () => {
    const log = await FileLog.open({
      path,
      maxBytes: 1024 * 1024,
      files: 3,
      log: { error: (facts: unknown) => void errors.push(facts) },
      clock,
      ...options,
    })
    onTestFinished(() => log.close())
    return log
  }
  onTestFinished(() => rm(dir, { recursive: true }))
  return { log: await reopen(), reopen, dir, path, clock, errors }
}

/** Records an event that carries its number. */
const tell = (log: FileLog, detail: number | string) =>
  log.record('power', { outcome: 'done', user: { id: 'u', name: 'ada' }, from: 'a', detail: String(detail) })

const detailsIn = (text: string) =>
  text
    .split('\n')
    .map(eventIn)
    .flatMap((event) => (event ? [event.detail] : []))

const range = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => String(from + index))

async function page(log: FileLog, before: string | null = null, take = 50, filter: AuditFilter = {}) {
  const { events, ...rest } = await readPage(log.search(filter, before), {
    take,
    sees: () => true,
    timeIsUp: () => false,
  })
  return { ...rest, details: events.map(({ detail }) => detail) }
}

/** Every event, page by page. */
async function pages(log: FileLog, take: number, between: () => void = () => {}) {
  const all: (string | null)[] = []
  let before: string | null = null
  do {
    const { details, older }: Awaited<ReturnType<typeof page>> = await page(log, before, take)
    all.push(...details)
    before = older
    between()
  } while (before !== null)
  return all
}

describe('writing the audit log to a file', () => {
  it('keeps the order and is for its owner only', async () => {
    const { log, path } = await start()
    for (let index = 0; index < 2_000; index += 1) tell(log, index)
    await log.close()
    expect(detailsIn(await readFile(path, 'utf8'))).toEqual(range(0, 2_000))
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  it('begins on a fresh line after a crash within one', async () => {
    const { log, path, reopen } = await start()
    tell(log, 0)
    await log.close()
    await writeFile(path, '{"log":"audit","time":"2026-', { flag: 'a' })
    const next = await reopen()
    tell(next, 1)
    await vi.waitFor(async () => expect((await page(next)).details).toEqual(['1', '0']))
  })

  it('is rotated by size, and the oldest go', async () => {
    const { log, dir } = await start({ maxBytes: 3_000, files: 2 })
    for (const detail of range(0, 60)) {
      tell(log, detail)
      // Waits for the write. Events that come at once are written at once, and would rotate once.
      await page(log)
    }
    await log.close()
    expect((await readdir(dir)).sort()).toEqual(['audit.log', 'audit.log.1', 'audit.log.2'])
    const texts = await Promise.all(
      ['audit.log.2', 'audit.log.1', 'audit.log'].map((name) => readFile(join(dir, name), 'utf8')),
    )
    const kept = texts.flatMap(detailsIn)
    expect(kept).toEqual(range(60 - kept.length, 60))
    expect(kept.length).toBeLessThan(60)
    for (const text of texts) expect(text.length).toBeLessThan(3_500)
  })

  it('goes on in a new file when another program has renamed its own', async () => {
    const { log, path } = await start()
    tell(log, 0)
    await page(log)
    await rename(path, `${path}.1`)
    tell(log, 1)
    expect((await page(log)).details).toEqual(['1', '0'])
    expect(detailsIn(await readFile(path, 'utf8'))).toEqual(['1'])
  })

  it('goes on in the same file when it cannot be rotated, and says so', async () => {
    const { log, dir, path, errors } = await start({ maxBytes: 500 })
    await mkdir(`${path}.3`)
    for (const detail of range(0, 6)) {
      tell(log, detail)
      await page(log)
    }
    expect(detailsIn(await readFile(path, 'utf8'))).toEqual(range(0, 6))
    expect(errors).toHaveLength(1)
    await rm(join(dir, 'audit.log.3'), { recursive: true })
  })

  it.each([
    ['no folder', async (_dir: string) => {}, 'not/there/audit.log', 'its folder does not exist'],
    ['a folder', (dir: string) => mkdir(join(dir, 'x')), 'x', 'EISDIR'],
    ['a link', (dir: string) => symlink('/etc/hostname', join(dir, 'x')), 'x', 'it is a symbolic link'],
  ])('refuses to start with %s', async (_what, prepare, name, why) => {
    const dir = await mkdtemp(join(tmpdir(), 'audit-'))
    onTestFinished(() => rm(dir, { recursive: true }))
    await prepare(dir)
    const path = join(dir, name)
    const clock = new ManualClock()
    const attempt = FileLog.open({
      path,
      maxBytes: 1_000,
      files: 1,
      log: { error() {} },
      clock,
    })
    await expect(attempt).rejects.toThrow(ConfigError)
    await expect(attempt).rejects.toThrow(`BMS_CONSOLE_AUDIT_FILE cannot be appended to (${why})`)
  })
})

describe('an audit log that cannot be written', () => {
  /** Moves the log's file away and puts a folder in its place. */
  const break_ = async (path: string) => {
    await rename(path, `${path}.away`)
    await mkdir(path)
  }
  const mend = async (path: string) => {
    await rm(path, { recursive: true })
    await rename(`${path}.away`, path)
  }

  it('keeps events in memory for the page, says so once a minute, and writes them when it can', async () => {
    const { log, path, clock, errors } = await start()
    tell(log, 0)
    await page(log)
    await break_(path)
    for (const detail of range(1, 4)) tell(log, detail)
    expect((await page(log)).details).toEqual(['3', '2', '1'])
    expect(log.unwritten).toBe(3)
    expect(errors).toMatchObject([{ unwritten: 3, lost: 0 }])
    for (let second = 0; second < 50; second += 10) {
      clock.advance(10_000)
      await page(log)
    }
    expect(errors).toHaveLength(1)
    clock.advance(10_000)
    await page(log)
    expect(errors).toHaveLength(2)

    const first = await page(log, null, 2)
    expect(first.details).toEqual(['3', '2'])
    await mend(path)
    clock.advance(10_000)
    await vi.waitFor(() => expect(log.unwritten).toBe(0))
    tell(log, 4)
    // The page before showed events that waited. They are in the file now, and the next page goes on behind them.
    expect((await page(log, first.older)).details).toEqual(['1', '0'])
    expect(detailsIn(await readFile(path, 'utf8'))).toEqual(range(0, 5))
  })

  it('tells how many are lost when the server ends before it can be written', async () => {
    const { log, path, errors } = await start()
    tell(log, 0)
    await page(log)
    await break_(path)
    for (const detail of range(0, 5_100)) tell(log, detail)
    await log.close()
    expect(errors.at(-1)).toEqual({ events: 5_100 })
  })

  it('has room for 100,000 privileged events, and tells what is beyond that, too', async () => {
    const { log, path, errors } = await start()
    tell(log, 0)
    await page(log)
    await break_(path)
    for (let index = 0; index < 100_010; index += 1) tell(log, index)
    const lost = await page(log, null, 10, { action: 'lose-events' })
    expect(lost.details).toHaveLength(1)
    expect(log.unwritten).toBe(100_001)
    await log.close()
    expect(errors.at(-1)).toEqual({ events: 100_010 })
  })

  it('never doubles or tears a line when the disk is full in the middle of it', async () => {
    const { log, path, clock } = await start()
    tell(log, 0)
    await page(log)
    const probe = await open(path, 'r')
    const handles = Object.getPrototypeOf(probe)
    await probe.close()
    const { write } = handles
    onTestFinished(() => {
      handles.write = write
    })
    let room = 700
    handles.write = async function full(this: unknown, bytes: Buffer, offset = 0) {
      if (room === 0) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' })
      const length = Math.min(room, bytes.length - offset)
      room -= length
      return write.call(this, bytes, offset, length)
    }
    for (const detail of range(1, 10)) tell(log, detail)
    await page(log)
    expect(log.unwritten).toBeGreaterThan(0)
    expect(await readFile(path, 'utf8')).not.toMatch(/\n$/)
    expect((await page(log)).details).toEqual(range(0, 10).reverse())
    handles.write = write
    clock.advance(10_000)
    await vi.waitFor(() => expect(log.unwritten).toBe(0))
    expect(detailsIn(await readFile(path, 'utf8'))).toEqual(range(0, 10))
  })
})

describe('a burst on a healthy disk', () => {
  const eventsIn = async (path: string) =>
    (await readFile(path, 'utf8')).split('\n').flatMap((line) => eventIn(line) ?? [])
  const ada = { outcome: 'done', user: { id: 'u', name: 'ada' }, from: 'a' } as const

  it('loses nothing: repeats are counted, and every power action is there', async () => {
    const { dir, clock } = await start()
    const path = join(dir, 'burst.log')
    const settings = { to: 'file', path, maxBytes: 64 * 1024 * 1024, files: 3 } as const
    const log = await openAudit(settings, { log: pino({ level: 'silent' }), clock })
    for (let index = 0; index < 7_700; index += 1) log.record('take-keyboard', ada)
    for (const detail of range(0, 10)) log.record('power', { ...ada, detail })
    await log.close()
    const events = await eventsIn(path)
    expect(events.flatMap(({ action, detail }) => (action === 'power' ? [detail] : []))).toEqual(range(0, 10))
    const taken = events.filter(({ action }) => action === 'take-keyboard')
    expect(taken.map(({ count }) => count)).toEqual([1, 7_699])
  })

  it('of all different events loses some, says how many at once, and loses no privileged one', async () => {
    const { log, path } = await start({ maxBytes: 64 * 1024 * 1024 })
    for (let index = 0; index < 6_000; index += 1)
      log.record('take-keyboard', { ...ada, session: String(index) })
    for (const detail of range(0, 10)) tell(log, detail)
    log.record('take-keyboard', { ...ada, session: 'another' })
    await log.close()
    const events = await eventsIn(path)
    expect(events.filter(({ action }) => action === 'power')).toHaveLength(10)
    const lost = events.filter(({ action }) => action === 'lose-events')
    expect(lost).toMatchObject([{ outcome: 'failed', user: null, from: '', count: 1_001 }])
    const told = events.filter(({ action }) => action === 'take-keyboard')
    expect(told.length + (lost[0]?.count ?? 0)).toBe(6_001)
    // It stands where the loss began.
    expect(events.findIndex(({ action }) => action === 'lose-events')).toBe(5_000)
  })

  it('that goes on while a loss is being written makes another event of it', async () => {
    const { log, path } = await start({ maxBytes: 64 * 1024 * 1024 })
    const flood = () => {
      for (let index = 0; index < 5_100; index += 1) log.record('other', { ...ada, session: String(index) })
    }
    flood()
    await page(log)
    flood()
    await log.close()
    const lost = (await eventsIn(path)).filter(({ action }) => action === 'lose-events')
    expect(lost.map(({ count }) => count)).toEqual([100, 100])
  })
})

describe('reading the audit log of a file', () => {
  it('pages through all files, each event once, while new ones come and files are rotated', async () => {
    const { log } = await start({ maxBytes: 2_000, files: 90 })
    for (const detail of range(0, 90)) {
      tell(log, detail)
      await page(log, null, 1)
    }
    let next = 90
    const seen = await pages(log, 7, () => {
      for (let count = 0; count < 5; count += 1) tell(log, next++)
    })
    expect(seen).toEqual(range(0, 90).reverse())
  })

  it('goes on where it ran out of time', async () => {
    const { log } = await start()
    for (let index = 0; index < 2_000; index += 1) tell(log, index)
    const filter = { user: 'nobody' }
    let before: string | null = null
    let rounds = 0
    for (;;) {
      const found: Awaited<ReturnType<typeof readPage>> = await readPage(log.search(filter, before), {
        take: 10,
        sees: () => true,
        timeIsUp: () => true,
      })
      expect(found.events).toEqual([])
      rounds += 1
      if (found.complete) break
      expect(found.older).not.toBe(before)
      before = found.older
    }
    expect(rounds).toBeGreaterThan(3)
  })

  it('finds nothing older than a file that was deleted', async () => {
    const { log, path } = await start()
    for (const detail of range(0, 9)) tell(log, detail)
    const { older } = await page(log, null, 3)
    await rm(path)
    tell(log, 'new')
    expect(await page(log, older)).toMatchObject({ details: [], older: null })
    expect((await page(log)).details).toEqual(['new'])
  })

  it('finds by user, server, action, outcome and time, and stops where it is too early', async () => {
    const { log, clock } = await start()
    const people = ['Ada Lovelace', 'bob', 'ADAM']
    for (const [index, name] of people.entries()) {
      log.record(index === 1 ? 'sign-in' : 'power', {
        outcome: index === 2 ? 'refused' : 'done',
        user: { id: `id-${index}`, name },
        from: 'a',
        server: index === 0 ? { id: 'srv-7', name: 'web-01' } : null,
        detail: String(index),
      })
      clock.advance(3_600_000)
    }
    log.record('sign-in', { outcome: 'failed', user: null, from: 'a', detail: '3' })
    const find = async (filter: AuditFilter) => (await page(log, null, 50, filter)).details
    const hour = (count: number) => new Date(Date.UTC(2026, 0, 1, count)).toISOString()
    expect(await find({})).toEqual(['3', '2', '1', '0'])
    expect(await find({ user: 'ada' })).toEqual(['2', '0'])
    expect(await find({ user: 'ID-1' })).toEqual(['1'])
    expect(await find({ server: 'WEB' })).toEqual(['0'])
    expect(await find({ server: 'srv' })).toEqual(['0'])
    expect(await find({ action: 'sign-in' })).toEqual(['3', '1'])
    expect(await find({ outcome: 'refused' })).toEqual(['2'])
    expect(await find({ from: hour(1) })).toEqual(['3', '2', '1'])
    expect(await find({ from: hour(1), to: hour(2) })).toEqual(['1'])
    expect(await find({ from: '2026-01-01T03:00:00+01:00' })).toEqual(['3', '2'])
    expect(await find({ user: 'ada', outcome: 'done' })).toEqual(['0'])
  })
})
