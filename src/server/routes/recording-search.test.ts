import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ApiError, paths } from '../../shared/api.ts'
import type { LogSearch } from '../../shared/log-search.ts'
import { RecordingSearchEvent } from '../../shared/recording.ts'
import { testApp } from '../../testing/app.ts'
import { recordPast } from '../../testing/recordings/past.ts'
import { searchAnswer } from '../../testing/search-answer.ts'
import { testServer } from '../../testing/server.ts'
import { person, silentCloud } from '../../testing/sign-in/identity.ts'
import { parseConfig } from '../config.ts'
import type { Identity } from '../sign-in/identity.ts'

const ORIGIN = 'https://console.test'
const headers = { host: 'console.test', origin: ORIGIN }
const phrase = (text: string, more: Partial<LogSearch> = {}): LogSearch => ({
  text,
  regex: false,
  matchCase: false,
  ...more,
})

/** Recordings made before the server starts, oldest first. */
async function start(printed: readonly (readonly [name: string, text: string])[], identity?: Identity) {
  const dir = await mkdtemp(join(tmpdir(), 'recordings-'))
  const env = {
    BMS_CONSOLE_PUBLIC_ORIGINS: ORIGIN,
    BMS_CONSOLE_TRANSPORT: 'relay',
    BMS_CONSOLE_RECORDINGS: 'always',
    BMS_CONSOLE_RECORDINGS_DIR: dir,
  }
  const settings = parseConfig(env).recordings
  if (!settings) throw new Error('Recordings are off.')
  const ids = await recordPast(settings, printed)
  const { app, audit } = await testApp({
    env,
    signIn: (mode) => ({ ...mode, ...(identity ? { identify: () => identity } : {}) }),
  })
  onTestFinished(async () => {
    await app.close()
    await rm(dir, { recursive: true })
  })
  const get = (url: string) => app.inject({ url, headers })
  const find = async (url: string) => {
    const { hits, end } = searchAnswer(await get(url), (event) => RecordingSearchEvent.parse(event))
    return { hits, end, names: hits.map(({ recording }) => recording.serverName) }
  }
  return { ids, get, find, audit }
}

const causeOf = (response: { statusCode: number; json: () => unknown }) => [
  response.statusCode,
  ApiError.parse(response.json()).error.cause,
]

describe('a search in recordings', () => {
  it('tells of each line with its recording, second and time, the newest recording first', async () => {
    const { find, ids, audit } = await start([
      ['web-01', 'login: \x1b[1mroot\x1b[0m logged in\r\nbye\r\nRoot logged out\r\n'],
      ['quiet-01', 'nothing'],
      ['db-01', 'root logged in\r\n'],
    ])
    const { hits, end } = await find(paths.recordingsSearch(phrase('ROOT LOGGED')))
    expect(hits).toMatchObject([
      { recording: { id: ids[2], serverId: 'id-of-db-01' }, line: 1, before: '', after: ' in' },
      { recording: { id: ids[0], serverName: 'web-01' }, line: 3, match: 'Root logged', after: ' out' },
      { recording: { id: ids[0] }, line: 1, before: 'login: ', match: 'root logged', after: ' in' },
    ])
    const [newest] = hits
    expect(Math.abs(Date.parse(newest?.time ?? '') - Date.now())).toBeLessThan(60_000)
    expect(newest?.second).toBeLessThan(60)
    expect(end).toEqual({ type: 'end', reason: 'all', cursor: null })
    // The text is not in the audit log.
    expect(audit.events).toMatchObject([{ action: 'search-recordings', outcome: 'done', server: null }])
    expect(JSON.stringify(audit.events)).not.toContain('LOGGED')
  })

  it('takes regular expressions, one server, one recording and times, and goes on with a cursor', async () => {
    const { find, ids } = await start([
      ['web-01', 'panic 1\r\npanic 22\r\n'],
      ['db-01', 'panic 3\r\n'],
    ])
    expect((await find(paths.recordingsSearch(phrase('^panic \\d$', { regex: true })))).names).toEqual([
      'db-01',
      'web-01',
    ])
    expect((await find(paths.recordingsSearch(phrase('panic'), 'id-of-web-01'))).names).toHaveLength(2)
    expect((await find(paths.recordingSearch(ids[1] ?? '', phrase('panic')))).names).toEqual(['db-01'])
    const later = new Date(Date.now() + 3_600_000).toISOString()
    const earlier = new Date(Date.now() - 3_600_000).toISOString()
    expect((await find(paths.recordingsSearch(phrase('panic', { from: later })))).names).toEqual([])
    expect((await find(paths.recordingsSearch(phrase('panic', { to: earlier })))).names).toEqual([])
    expect(
      (await find(paths.recordingsSearch(phrase('panic', { from: earlier, to: later })))).names,
    ).toHaveLength(3)

    const found: string[] = []
    let before: string | undefined
    for (let pages = 0; pages < 3; pages++) {
      const { hits, end } = await find(paths.recordingsSearch(phrase('panic', { limit: 1, before })))
      found.push(...hits.map(({ match, after }) => match + after))
      before = end.cursor ?? undefined
    }
    expect(found).toEqual(['panic 3', 'panic 22', 'panic 1'])
    expect(before).toBeUndefined()
  })

  it('says what is wrong, and whose recording it is not', async () => {
    const { get } = await start([['web-01', 'x']])
    expect(causeOf(await get(paths.recordingsSearch(phrase('(', { regex: true }))))).toEqual([
      400,
      'bad-request',
    ])
    for (const before of ['x', 'x.1', `${crypto.randomUUID()}.1`]) {
      expect(causeOf(await get(paths.recordingsSearch(phrase('x', { before }))))).toEqual([
        400,
        'bad-request',
      ])
    }
    expect(causeOf(await get(paths.recordingSearch(crypto.randomUUID(), phrase('x'))))).toEqual([
      404,
      'recording-not-found',
    ])
  })

  it('looks, where the cloud knows its users, only at servers that it shows them', async () => {
    const identity: Identity = {
      ...person('ada', 'admin', {
        ...silentCloud,
        listServers: async () => ({
          servers: [testServer({ id: 'id-of-web-01', name: 'web-01' })],
          missing: [],
        }),
      }),
      cloudDecides: true,
    }
    const { find } = await start(
      [
        ['web-01', 'x\r\n'],
        ['db-01', 'x\r\n'],
      ],
      identity,
    )
    expect((await find(paths.recordingsSearch(phrase('x')))).names).toEqual(['web-01'])
  })
})
