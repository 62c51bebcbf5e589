import { expect, it } from 'vitest'
import {
  noPreferences,
  type PreferencesAnswer,
  preferenceLimits,
  type VersionedPreferences,
} from '../../shared/preferences.ts'
import { favourite, opened, openedWith, removed, saved } from './changes.ts'
import { type Place, PreferenceKeeper, TooMuch } from './keeper.ts'

class Server implements Place {
  forgets = false
  kept: VersionedPreferences = { version: '0', preferences: noPreferences }
  down = false
  asked = 0
  async read() {
    if (this.down) throw new Error('down')
    return this.kept
  }
  async keep(next: VersionedPreferences): Promise<PreferencesAnswer> {
    this.asked++
    if (this.down) throw new Error('down')
    if (next.version !== this.kept.version) return { outcome: 'changed-meanwhile', ...this.kept }
    this.kept = { version: String(Number(next.version) + 1), preferences: next.preferences }
    return { outcome: 'kept', version: this.kept.version }
  }
}

const keeperOf = (place: Place) => new PreferenceKeeper(async () => place)

it('shows a change at once, and keeps it', async () => {
  const server = new Server()
  const keeper = keeperOf(server)
  expect(keeper.get()).toEqual({ preferences: noPreferences, read: 'not yet', failure: null })
  const kept = keeper.change(favourite('a', true))
  expect(keeper.get().preferences.favourites).toEqual(['a'])
  await kept
  expect(server.kept.preferences.favourites).toEqual(['a'])
  expect(keeper.get()).toMatchObject({ read: 'done', failure: null })
})

it('sends what was done meanwhile in one go', async () => {
  const server = new Server()
  const keeper = keeperOf(server)
  await Promise.all(['a', 'b', 'c'].map((id) => keeper.change(favourite(id, true))))
  expect(server.kept.preferences.favourites).toEqual(['c', 'b', 'a'])
  expect(server.asked).toBeLessThanOrEqual(2)
})

it('of two tabs keeps what both did', async () => {
  const server = new Server()
  const [one, other] = [keeperOf(server), keeperOf(server)]
  await Promise.all([one.refresh(), other.refresh()])
  await one.change(favourite('a', true))
  await other.change(opened('b'))
  expect(server.kept.preferences).toMatchObject({ favourites: ['a'], recent: ['b'] })
  expect(other.get().preferences).toEqual(server.kept.preferences)
  await one.change(favourite('a', false))
  expect(server.kept.preferences).toMatchObject({ favourites: [], recent: ['b'] })
})

it('says what could not be kept, shows it all the same, and tries again with the next change', async () => {
  const server = new Server()
  const keeper = keeperOf(server)
  await keeper.refresh()
  server.down = true
  await keeper.change(favourite('a', true))
  await keeper.refresh()
  expect(keeper.get()).toMatchObject({ preferences: { favourites: ['a'] }, failure: new Error('down') })
  server.down = false
  await keeper.change(favourite('b', true))
  expect(keeper.get().failure).toBeNull()
  expect(server.kept.preferences.favourites).toEqual(['b', 'a'])
})

it('tells whoever listens', async () => {
  const keeper = keeperOf(new Server())
  let told = 0
  const stop = keeper.subscribe(() => told++)
  await keeper.change(opened('a'))
  expect(told).toBe(2)
  stop()
  await keeper.change(opened('b'))
  expect(told).toBe(2)
})

it('keeps views, and opens with one that is there', () => {
  const stopped = { id: 'stopped', name: 'stopped', search: { status: 'stopped' } }
  const gpu = { id: 'gpu', name: 'gpu', search: { q: 'gpu' } }
  const changes = [saved(stopped), saved(gpu), openedWith('gpu'), saved({ ...stopped, name: 'Off' })]
  const now = changes.reduce((before, change) => change(before), noPreferences)
  expect(now).toMatchObject({ views: [{ ...stopped, name: 'Off' }, gpu], defaultView: 'gpu' })
  expect(removed('gpu')(now)).toMatchObject({ views: [{ id: 'stopped' }], defaultView: null })
  expect(removed('stopped')(now).defaultView).toBe('gpu')
})

it('remembers a few servers, each once, the latest first', () => {
  const ids = [...Array.from({ length: 12 }, (_, at) => `srv-${at}`), 'srv-8']
  expect(ids.reduce((before, id) => opened(id)(before), noPreferences).recent).toEqual(
    ['8', '11', '10', '9', '7', '6', '5', '4'].map((at) => `srv-${at}`),
  )
})

it('tries again by itself when the page reads again', async () => {
  const server = new Server()
  const keeper = keeperOf(server)
  server.down = true
  await keeper.change(favourite('a', true))
  expect(keeper.get()).toMatchObject({ preferences: { favourites: ['a'] }, read: 'failed' })
  server.down = false
  await keeper.refresh()
  expect(server.kept.preferences.favourites).toEqual(['a'])
  expect(keeper.get()).toMatchObject({ read: 'done', failure: null })
})

it('says that nothing could be read, until it can', async () => {
  const server = new Server()
  const keeper = keeperOf(server)
  server.down = true
  await keeper.refresh()
  expect(keeper.get().read).toBe('failed')
  server.down = false
  await keeper.refresh()
  expect(keeper.get().read).toBe('done')
  // What was read once is shown, whatever happens later.
  server.down = true
  await keeper.refresh()
  expect(keeper.get().read).toBe('done')
})

it('refuses what there is no room for, and keeps everything else', async () => {
  const server = new Server()
  const keeper = keeperOf(server)
  const ids = Array.from({ length: preferenceLimits.favourites + 1 }, (_, at) => `srv-${at}`)
  await Promise.all(ids.map((id) => keeper.change(favourite(id, true))))
  expect(keeper.get().failure).toBeInstanceOf(TooMuch)
  expect(server.kept.preferences.favourites).toEqual(ids.slice(0, -1).reverse())
  await keeper.change(favourite('srv-0', false))
  await keeper.change(favourite('new', true))
  expect(keeper.get().failure).toBeNull()
  expect(server.kept.preferences.favourites[0]).toBe('new')
})

it.each([
  ['tells it to a server that forgot it at a restart', true, ['b', 'a']],
  ['takes it from a place that forgets nothing', false, ['b']],
])('%s', async (_, forgets, favourites) => {
  const server = new Server()
  server.forgets = forgets
  const keeper = keeperOf(server)
  await keeper.change(favourite('a', true))
  server.kept = { version: '', preferences: noPreferences }
  await keeper.change(favourite('b', true))
  expect(server.kept.preferences.favourites).toEqual(favourites)
})
