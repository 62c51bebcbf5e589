import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { describe, expect, it, onTestFinished } from 'vitest'
import { withRedis } from '../../testing/redis.ts'
import { StoreError } from '../store/store.ts'
import { Choices } from './choices.ts'

const redis = withRedis()

const log = pino({ level: 'silent' })
const choice = (watched: boolean) => ({ watched, by: 'test:ada', time: '2026-01-01T00:00:00.000Z' })

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'watched-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  return join(dir, 'log')
}

describe('what people chose to watch', () => {
  it('survives a restart, for this user only', async () => {
    const dir = await folder()
    const before = await Choices.open(dir, log)
    await Promise.all([
      before.set('a', choice(true)),
      before.set('b', choice(true)),
      before.set('b', choice(false)),
    ])
    const after = await Choices.open(dir, log)
    expect([after.of('a'), after.of('b'), after.of('c')]).toEqual([true, false, undefined])
    expect(await readdir(dir)).toEqual(['watched-lines.json'])
    const modes = await Promise.all([dir, join(dir, 'watched-lines.json')].map((path) => stat(path)))
    expect(modes.map(({ mode }) => mode & 0o777)).toEqual([0o700, 0o600])
  })

  it('is set aside where it cannot be read', async () => {
    const dir = await folder()
    await (await Choices.open(dir, log)).set('a', choice(true))
    await writeFile(join(dir, 'watched-lines.json'), '{"choices":{"a":{"watched":1}}}')
    const choices = await Choices.open(dir, log)
    expect(choices.of('a')).toBeUndefined()
    await choices.set('b', choice(true))
    expect((await readdir(dir)).toSorted()).toEqual(['watched-lines.json', 'watched-lines.json.unreadable'])
    expect(await readFile(join(dir, 'watched-lines.json.unreadable'), 'utf8')).toContain('"watched":1')
  })

  it('lasts as long as the process where there is no folder', async () => {
    const choices = await Choices.open(null, log)
    await choices.set('a', choice(true))
    expect(choices.of('a')).toBe(true)
  })

  it.skipIf(!redis.installed)('is the same at all replicas where they share a store', async () => {
    const prefix = `${crypto.randomUUID()}:`
    const [one, two] = [await redis.open(prefix), await redis.open(prefix)]
    const [here, there] = [await Choices.open(null, log, one), await Choices.open(null, log, two)]
    await Promise.all([here.set('a', choice(true)), there.set('b', choice(false))])
    expect(here.of('b')).toBeUndefined()
    await Promise.all([here.refresh(), there.refresh()])
    for (const each of [here, there, await Choices.open(null, log, one)])
      expect([each.of('a'), each.of('b')]).toEqual([true, false])
    await one.close()
    await here.refresh()
    expect(here.of('a')).toBe(true)
    await expect(here.set('a', choice(false))).rejects.toThrow(StoreError)
    expect(here.of('a')).toBe(true)
  })
})
