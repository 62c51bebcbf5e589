import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { paths } from '../../../shared/api.ts'
import { testApp } from '../../../testing/app.ts'
import { ManualClock } from '../../../testing/clock.ts'
import { testServer } from '../../../testing/server.ts'
import { silentCloud } from '../../../testing/sign-in/identity.ts'
import { DiskStore } from '../store/disk-store.ts'
import { LineTags } from './line-tags.ts'

const DAY_MS = 24 * 60 * 60_000
const otherwise = { days: 30, lineMib: 256 }
const rules = [
  { tag: 'prod', days: 90 },
  { tag: 'lab', days: 3 },
]

async function newFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'bms-console-tags-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return dir
}

async function open(dir: string) {
  const warn = vi.fn()
  const tags = await LineTags.open({ dir, rules, otherwise, log: { warn } })
  onTestFinished(() => tags.written())
  return { tags, warn, days: (id: string) => tags.limitsOf(id).days }
}

describe('the tags of lines', () => {
  it('are those of the newest list, and unknown ones mean the limits of all lines', async () => {
    const { tags, days } = await open(await newFolder())
    expect(days('a')).toBe(30)
    tags.learn([
      { id: 'a', tags: ['prod'] },
      { id: 'b', tags: ['lab'] },
    ])
    expect([days('a'), days('b'), days('c')]).toEqual([90, 3, 30])
    tags.learn([{ id: 'a', tags: ['lab', 'other'] }])
    expect([days('a'), days('b')]).toEqual([3, 3])
    tags.learn([{ id: 'a', tags: [] }])
    expect(days('a')).toBe(30)
  })

  it('are known after a restart, before the cloud is asked', async () => {
    const dir = await newFolder()
    const before = await open(dir)
    before.tags.learn([{ id: 'a', tags: ['prod'] }])
    before.tags.learn([
      { id: 'b', tags: ['lab'] },
      { id: 'gone', tags: ['lab'] },
    ])
    await before.tags.written()
    expect((await stat(join(dir, 'line-tags.json'))).mode & 0o777).toBe(0o600)
    const { tags, days } = await open(dir)
    expect([days('a'), days('b')]).toEqual([90, 3])
    tags.forget((id) => id !== 'gone')
    expect(days('gone')).toBe(30)
  })

  it('are unknown where the file cannot be read, and the log says so', async () => {
    const dir = await newFolder()
    await writeFile(join(dir, 'line-tags.json'), '{"tags":{"a":')
    const { tags, days, warn } = await open(dir)
    expect([days('a'), warn.mock.calls.length]).toEqual([30, 1])
    tags.learn([{ id: 'a', tags: ['prod'] }])
    await tags.written()
    expect(JSON.parse(await readFile(join(dir, 'line-tags.json'), 'utf8'))).toEqual({ tags: { a: ['prod'] } })
  })

  it('decide what the store deletes, and when it forgets a line', async () => {
    const clock = new ManualClock()
    const dir = await newFolder()
    const { tags } = await open(dir)
    const log = { warn: vi.fn(), error: vi.fn() }
    const store = await DiskStore.open({
      dir,
      ...otherwise,
      totalMib: 100,
      limitsOf: (id) => tags.limitsOf(id),
      log,
      clock,
    })
    onTestFinished(() => store.close())
    tags.learn([
      { id: 'prod-1', tags: ['prod'] },
      { id: 'lab-1', tags: ['lab'] },
    ])
    for (const id of ['prod-1', 'lab-1', 'other-1']) {
      const writer = await store.open({ server: { id, name: id }, project: null })
      writer.append(Buffer.from('said'), clock.now())
      writer.close()
    }
    await store.drain()
    const kept = async (days: number) => {
      clock.set(days * DAY_MS + 60_000)
      await store.sweep()
      return store.lines().map(({ server }) => server.id)
    }
    expect(await kept(2)).toEqual(['prod-1', 'lab-1', 'other-1'])
    expect(await kept(4)).toEqual(['prod-1', 'other-1'])
    expect(await kept(31)).toEqual(['prod-1'])
    tags.learn([{ id: 'prod-1', tags: [] }])
    expect(await kept(32)).toEqual([])
  })

  it('come with each list that anybody is shown', async () => {
    const dir = await newFolder()
    const server = testServer({ id: 'a', tags: ['prod'] })
    const { app } = await testApp({
      env: {
        BMS_CONSOLE_TRANSPORT: 'relay',
        BMS_CONSOLE_LINE_LOG_DIR: dir,
        BMS_CONSOLE_LINE_LOG_TAGS: 'prod: 90d',
      },
      cloud: { ...silentCloud, listServers: async () => ({ servers: [server], missing: [] }) },
    })
    const response = await app.inject({ url: paths.servers(), headers: { host: 'console.test' } })
    expect(response.statusCode).toBe(200)
    await app.close()
    expect(JSON.parse(await readFile(join(dir, 'line-tags.json'), 'utf8'))).toEqual({ tags: { a: ['prod'] } })
  })
})
