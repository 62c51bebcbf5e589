import { expect, it, vi } from 'vitest'
import { noPreferences } from '../../shared/preferences.ts'
import { BROWSER_KEY, browserPlace, NotStored } from './browser-place.ts'

const some = { ...noPreferences, favourites: ['srv-1'] }

it('keeps preferences, and a version of them', async () => {
  expect(await browserPlace.read()).toEqual({ version: '', preferences: noPreferences })
  expect(await browserPlace.keep({ version: '', preferences: some })).toEqual({
    outcome: 'kept',
    version: '1',
  })
  expect(await browserPlace.read()).toEqual({ version: '1', preferences: some })
})

it('tells a tab that does not know the newest what that is', async () => {
  await browserPlace.keep({ version: '', preferences: some })
  expect(await browserPlace.keep({ version: '', preferences: noPreferences })).toEqual({
    outcome: 'changed-meanwhile',
    version: '1',
    preferences: some,
  })
})

it.each([
  'no JSON',
  '{"version":1}',
  JSON.stringify({ version: '7', preferences: { favourites: ['../etc'] } }),
])('sets aside what it cannot read: %s', async (stored) => {
  localStorage.setItem(BROWSER_KEY, stored)
  expect((await browserPlace.read()).preferences).toEqual(noPreferences)
  await browserPlace.keep({ version: '', preferences: some })
  expect((await browserPlace.read()).preferences).toEqual(some)
  expect(localStorage.getItem(`${BROWSER_KEY}.unreadable`)).toBe(stored)
})

it('says that nothing was stored where the browser has no room', async () => {
  vi.stubGlobal('localStorage', {
    getItem: () => null,
    setItem: () => {
      throw new DOMException('full', 'QuotaExceededError')
    },
  })
  await expect(browserPlace.keep({ version: '', preferences: some })).rejects.toBeInstanceOf(NotStored)
})
