import { describe, expect, it } from 'vitest'
import { About, ApiError, paths } from '../../shared/api.ts'
import { noPreferences, type Preferences, preferenceLimits } from '../../shared/preferences.ts'
import { testApp } from '../../testing/app.ts'

const headers = { host: 'console.test', origin: 'https://console.test' }
const proxied = { BMS_CONSOLE_HOST: '0.0.0.0', BMS_CONSOLE_TRUSTED_PROXIES: '10.0.0.5' }

async function start(env: NodeJS.ProcessEnv = proxied) {
  const { app } = await testApp({ env })
  const ask = (user: string, method: 'GET' | 'PUT' = 'GET', payload?: object) =>
    app.inject({
      method,
      url: paths.preferences(),
      remoteAddress: env === proxied ? '10.0.0.5' : '127.0.0.1',
      headers: env === proxied ? { ...headers, 'x-forwarded-user': user } : headers,
      ...(payload ? { payload } : {}),
    })
  return { app, ask }
}

const view = { id: 'v1', name: 'Stopped', search: { status: 'stopped', sort: 'zone,-name' } }
const some: Preferences = { views: [view], defaultView: 'v1', favourites: ['srv-1'], recent: ['srv-2'] }

describe('preferences', () => {
  it('are each user’s own', async () => {
    const { app, ask } = await start()
    expect((await ask('ann')).json()).toEqual({ version: '', preferences: noPreferences })
    const kept = await ask('ann', 'PUT', { version: '', preferences: some })
    expect([kept.statusCode, kept.json().outcome]).toEqual([200, 'kept'])
    expect((await ask('ann')).json()).toEqual({ version: kept.json().version, preferences: some })
    expect((await ask('bob')).json().preferences).toEqual(noPreferences)
    expect(About.parse((await app.inject({ url: paths.about(), headers })).json()).preferences).toBe('memory')
  })

  it('of a tab that does not know the newest are not taken', async () => {
    const { ask } = await start()
    const { version } = (await ask('ann', 'PUT', { version: '', preferences: some })).json()
    const answer = await ask('ann', 'PUT', { version: '', preferences: noPreferences })
    expect(answer.json()).toEqual({ outcome: 'changed-meanwhile', version, preferences: some })
  })

  it.each<[string, object]>([
    ['too many views', { views: Array.from({ length: preferenceLimits.views + 1 }, () => view) }],
    ['too many favourites', { favourites: Array.from({ length: 201 }, (_, at) => `srv-${at}`) }],
    ['an id that is none', { recent: ['../etc'] }],
    ['a view without a name', { views: [{ ...view, name: '' }] }],
    [
      'too much in all',
      { views: Array.from({ length: 20 }, () => ({ ...view, search: { q: 'x'.repeat(3_000) } })) },
    ],
  ])('with %s are refused', async (_, change) => {
    const { ask } = await start()
    const answer = await ask('ann', 'PUT', { version: '', preferences: { ...some, ...change } })
    expect([answer.statusCode, ApiError.parse(answer.json()).error.cause]).toEqual([400, 'bad-request'])
  })

  it('are the browser’s where nobody signs in', async () => {
    const { app, ask } = await start({})
    expect(About.parse((await app.inject({ url: paths.about(), headers })).json()).preferences).toBe(
      'browser',
    )
    const answer = await ask('ann')
    expect([answer.statusCode, ApiError.parse(answer.json()).error.cause]).toEqual([400, 'bad-request'])
  })
})
