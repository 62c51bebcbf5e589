import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { expect, it } from 'vitest'
import { noPreferences } from '../../shared/preferences.ts'
import { withRedis } from '../../testing/redis.ts'
import { PreferenceStore } from './preference-store.ts'
import { SharedPreferences } from './shared-preferences.ts'

const redis = withRedis()

const log = pino({ level: 'silent' })
const folder = () => mkdtemp(join(tmpdir(), 'bms-console-preferences-'))
const favourites = (...ids: string[]) => ({ ...noPreferences, favourites: ids })

it.each(['memory', 'disk'])('keeps in %s what each user prefers', async (place) => {
  const store = new PreferenceStore(place === 'disk' ? await folder() : null, log)
  expect(store.place).toBe(place)
  expect(await store.of('ann')).toEqual({ version: '', preferences: noPreferences })
  expect(await store.keep('ann', '', favourites('a'))).toMatchObject({ outcome: 'kept' })
  expect((await store.of('ann')).preferences).toEqual(favourites('a'))
  expect((await store.of('bob')).preferences).toEqual(noPreferences)
})

it.each(['memory', 'disk'])('in %s lets no tab overwrite what another one kept', async (place) => {
  const store = new PreferenceStore(place === 'disk' ? await folder() : null, log)
  const answers = await Promise.all(['a', 'b', 'c'].map((id) => store.keep('ann', '', favourites(id))))
  expect(answers.map(({ outcome }) => outcome)).toEqual(['kept', 'changed-meanwhile', 'changed-meanwhile'])
  const now = await store.of('ann')
  expect(now.preferences).toEqual(favourites('a'))
  expect(answers[1]).toEqual({ outcome: 'changed-meanwhile', ...now })
  expect(await store.keep('ann', now.version, favourites('a', 'b'))).toMatchObject({ outcome: 'kept' })
})

it('finds them again after a restart, in files for nobody else', async () => {
  const dir = await folder()
  await new PreferenceStore(dir, log).keep('ann', '', favourites('a'))
  expect((await new PreferenceStore(dir, log).of('ann')).preferences).toEqual(favourites('a'))
  const [name = ''] = await readdir(join(dir, 'preferences'))
  expect(name).toMatch(/^[0-9a-f]{64}\.json$/)
  expect((await stat(join(dir, 'preferences'))).mode & 0o777).toBe(0o700)
  expect((await stat(join(dir, 'preferences', name))).mode & 0o777).toBe(0o600)
})

it('sets aside what it cannot read', async () => {
  const dir = await folder()
  await new PreferenceStore(dir, log).keep('ann', '', favourites('a'))
  const [name = ''] = await readdir(join(dir, 'preferences'))
  await writeFile(join(dir, 'preferences', name), '{"version":1}')
  const store = new PreferenceStore(dir, log)
  expect(await store.of('ann')).toEqual({ version: '', preferences: noPreferences })
  expect(await readFile(join(dir, 'preferences', `${name}.unreadable`), 'utf8')).toBe('{"version":1}')
  expect(await store.keep('ann', '', favourites('b'))).toMatchObject({ outcome: 'kept' })
})

it('says so where the disk takes nothing, and goes on', async () => {
  const dir = join(await folder(), 'file')
  await writeFile(dir, '')
  const store = new PreferenceStore(dir, log)
  await expect(store.keep('ann', '', favourites('a'))).rejects.toThrow(/ENOTDIR/)
  await expect(store.keep('ann', '', favourites('a'))).rejects.toThrow(/ENOTDIR/)
})

it.skipIf(!redis.installed)(
  'has them at all replicas that share a store, and lets none overwrite',
  async () => {
    const prefix = `${crypto.randomUUID()}:`
    const [one, two] = [
      new SharedPreferences(await redis.open(prefix)),
      new SharedPreferences(await redis.open(prefix)),
    ]
    expect(await one.of('ann')).toEqual({ version: '', preferences: noPreferences })
    const first = await Promise.all(
      [one, two, one].map((each, n) => each.keep('ann', '', favourites(`${n}`))),
    )
    expect(first.filter(({ outcome }) => outcome === 'kept')).toHaveLength(1)
    const now = await two.of('ann')
    expect(await one.of('ann')).toEqual(now)
    const second = await Promise.all(
      [one, two].map((each) => each.keep('ann', now.version, favourites('a', 'b'))),
    )
    expect(second.map(({ outcome }) => outcome).sort()).toEqual(['changed-meanwhile', 'kept'])
    expect(await one.keep('ann', now.version, favourites())).toEqual({
      outcome: 'changed-meanwhile',
      ...(await two.of('ann')),
    })
    expect((await one.of('bob')).preferences).toEqual(noPreferences)
  },
)
