import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { get as httpGet } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ApiError, paths } from '../../shared/api.ts'
import { type LogSearch, LogSearchEvent } from '../../shared/log-search.ts'
import { listeningTestApp, testApp } from '../../testing/app.ts'
import { MemoryStore } from '../../testing/line-log.ts'
import { searchAnswer } from '../../testing/search-answer.ts'
import { testServer } from '../../testing/server.ts'
import { person, silentCloud } from '../../testing/sign-in/identity.ts'
import { DiskStore } from '../line-log/store/disk-store.ts'
import type { Identity } from '../sign-in/identity.ts'

const headers = { host: 'console.test', origin: 'https://console.test' }
const db = { id: 'id-db', name: 'db-fra-01' }
const web = { id: 'id-web', name: 'web-01' }
const phrase = (text: string, more: Partial<LogSearch> = {}) => ({
  text,
  regex: false,
  matchCase: false,
  ...more,
})

/** Each line says one text a second. */
async function start(
  said: Readonly<Record<string, readonly string[]>>,
  identity: Identity = person('ada', 'operator'),
) {
  const store = new MemoryStore()
  for (const server of [db, web]) {
    for (const [second, text] of (said[server.id] ?? []).entries()) {
      store.line({ server, project: null }).append(Buffer.from(text), (second + 1) * 1000)
    }
  }
  const { app, audit } = await testApp({
    lineStore: store,
    signIn: (mode) => ({ ...mode, identify: () => identity }),
  })
  const get = (url: string) => app.inject({ url, headers })
  const find = async (url: string) => searchAnswer(await get(url), (event) => LogSearchEvent.parse(event))
  return { app, audit, store, get, find }
}

const failureOf = (response: { statusCode: number; json: () => unknown }) => {
  const { error } = ApiError.parse(response.json())
  return [response.statusCode, error.cause, error.detail]
}

describe('a search in a line’s log', () => {
  it('tells how far it is, what it found, and that it is done', async () => {
    const { find, audit } = await start({ [db.id]: ['boot\r\nKernel panic 1\r\n', 'kernel PANIC 2\r\n'] })
    const { events, hits, end } = await find(paths.lineLogSearch(db.id, phrase('kernel panic')))
    expect(events.slice(0, 2)).toEqual([
      { type: 'progress', scannedBytes: 0, totalBytes: 38 },
      { type: 'progress', scannedBytes: 38, totalBytes: 38 },
    ])
    expect(hits).toMatchObject([
      { server: db, offset: 22, time: '1970-01-01T00:00:02.000Z', match: 'kernel PANIC', after: ' 2' },
      { server: db, offset: 6, time: '1970-01-01T00:00:01.000Z', match: 'Kernel panic', after: ' 1' },
    ])
    expect(end).toEqual({ type: 'end', reason: 'all', cursor: null })
    // The text is not in the audit log.
    const [event] = audit.events
    expect(event).toMatchObject({ action: 'search-log', outcome: 'done', server: db, detail: null })
    expect(JSON.stringify(audit.events)).not.toContain('panic')
  })

  it('takes case, regular expressions and times', async () => {
    const { find } = await start({ [db.id]: ['Error 1\n', 'error 2\n', 'error 33\n'] })
    const found = async (query: LogSearch) =>
      (await find(paths.lineLogSearch(db.id, query))).hits.map(({ match, after }) => match + after)
    expect(await found(phrase('error', { matchCase: true }))).toEqual(['error 33', 'error 2'])
    expect(await found(phrase('^error \\d$', { regex: true }))).toEqual(['error 2', 'Error 1'])
    expect(await found(phrase('error', { from: '1970-01-01T00:00:02Z' }))).toEqual(['error 33', 'error 2'])
    expect(await found(phrase('error', { to: '1970-01-01T00:00:02Z' }))).toEqual(['Error 1'])
  })

  it('names the boot of each line', async () => {
    const kernel = '[    0.000000] Linux version 6.1.0\r\n'
    const { find } = await start({
      [db.id]: [
        'error 1\n',
        kernel,
        'error 2\n',
        `[    9.900000] reboot: Restarting system\r\n${kernel}error 3\n`,
      ],
    })
    const { hits } = await find(paths.lineLogSearch(db.id, phrase('error')))
    expect(hits.map(({ after, boot }) => [after, boot])).toEqual([
      [' 3', { offset: 8 + kernel.length + 8 + 42, time: '1970-01-01T00:00:04.000Z' }],
      [' 2', { offset: 8, time: '1970-01-01T00:00:02.000Z' }],
      [' 1', null],
    ])
  })

  it('goes on with a cursor', async () => {
    const { find } = await start({ [db.id]: ['panic 1\npanic 2\npanic 3\n'] })
    const first = await find(paths.lineLogSearch(db.id, phrase('panic', { limit: 2 })))
    expect(first.hits.map(({ after }) => after)).toEqual([' 3', ' 2'])
    expect(first.end).toEqual({ type: 'end', reason: 'page', cursor: 'id-db.8' })
    const before = first.end.cursor ?? ''
    const second = await find(paths.lineLogSearch(db.id, phrase('panic', { limit: 2, before })))
    expect(second.hits.map(({ after }) => after)).toEqual([' 1'])
    expect(second.end.cursor).toBeNull()
  })

  it('says what is wrong with a query', async () => {
    const { get } = await start({ [db.id]: ['x'] })
    const asked = async (query: LogSearch) => failureOf(await get(paths.lineLogSearch(db.id, query)))
    const bad = [400, 'bad-request', expect.any(String)]
    expect(await asked(phrase('(', { regex: true }))).toEqual([
      400,
      'bad-request',
      expect.stringContaining('Unterminated group'),
    ])
    expect(await asked(phrase('x', { before: 'id-web.5' }))).toEqual(bad)
    expect(await asked(phrase('x', { before: '../etc' }))).toEqual(bad)
    expect(await asked(phrase(''))).toEqual(bad)
  })

  it('finds nothing in a line that has said nothing yet', async () => {
    const { find } = await start({})
    expect((await find(paths.lineLogSearch('id-new', phrase('x')))).events).toEqual([
      { type: 'progress', scannedBytes: 0, totalBytes: 0 },
      { type: 'end', reason: 'all', cursor: null },
    ])
  })

  it('finds what is kept in a folder, also what no segment has yet', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'log-search-'))
    onTestFinished(() => rm(dir, { recursive: true }))
    const options = { dir, days: 1, totalMib: 16, lineMib: 16, log: pino({ level: 'silent' }) }
    const before = await DiskStore.open(options)
    const writer = await before.open({ server: db, project: null })
    writer.append(Buffer.from('Kernel panic\n'), Date.now())
    writer.close()
    await before.close()
    const { app } = await testApp({
      env: { BMS_CONSOLE_TRANSPORT: 'relay', BMS_CONSOLE_LINE_LOG_DIR: dir },
      signIn: (mode) => ({ ...mode, identify: () => person('ada', 'operator') }),
    })
    const { body } = await app.inject({ url: paths.lineLogSearch(db.id, phrase('panic')), headers })
    expect(body).toContain('"match":"panic"')
    expect(await readdir(dir)).toContain('search.db')
    await app.close()
  })

  it('is not for viewers, and the audit log says so', async () => {
    const { get, audit } = await start({ [db.id]: ['x'] }, person('bob', 'viewer'))
    for (const url of [paths.lineLogSearch(db.id, phrase('x')), paths.logSearch(phrase('x'))]) {
      expect(failureOf(await get(url)).slice(0, 2)).toEqual([403, 'role-forbids'])
    }
    expect(audit.events).toMatchObject([{ outcome: 'refused' }, { outcome: 'refused' }])
  })

  it('is off where lines are not kept', async () => {
    const { app } = await testApp({
      signIn: (mode) => ({ ...mode, identify: () => person('ada', 'operator') }),
    })
    for (const url of [paths.lineLogSearch(db.id, phrase('x')), paths.logSearch(phrase('x'))]) {
      expect(failureOf(await app.inject({ url, headers })).slice(0, 2)).toEqual([404, 'log-off'])
    }
  })

  it('ends when the reader leaves, and three of a person are under way at most', async () => {
    const store = new MemoryStore()
    const hard = Buffer.from(`${'a'.repeat(200)}!\n`)
    store.line({ server: db, project: null }).append(hard, 1000)
    const { origin } = await listeningTestApp({
      lineStore: store,
      signIn: (mode) => ({ ...mode, identify: () => person('ada', 'operator') }),
    })
    const url = origin + paths.lineLogSearch(db.id, phrase('^(a+)+$', { regex: true }))
    const begin = async () => {
      const request = httpGet(url)
      onTestFinished(() => void request.destroy())
      const [response] = await once(request, 'response')
      return { request, status: response.statusCode }
    }
    const [first] = [await begin(), await begin(), await begin()]
    expect(first?.status).toBe(200)
    expect((await begin()).status).toBe(429)
    first?.request.destroy()
    await expect.poll(async () => (await begin()).status).toBe(200)
  })
})

describe('a search in all lines', () => {
  it('takes one log after another, and its pages go on from log to log', async () => {
    const { find, audit } = await start({
      [db.id]: ['panic 1\npanic 2\n'],
      [web.id]: ['panic 3\npanic 4\n'],
    })
    const all: string[] = []
    for (let before: string | undefined, pages = 0; ; pages++) {
      expect(pages).toBeLessThan(5)
      const { hits, end } = await find(paths.logSearch(phrase('panic', { limit: 1, before })))
      all.push(...hits.map(({ server, after }) => server.name + after))
      if (end.cursor === null) break
      before = end.cursor
    }
    expect(all).toEqual(['db-fra-01 2', 'db-fra-01 1', 'web-01 4', 'web-01 3'])
    expect(audit.events[0]).toMatchObject({ action: 'search-log', outcome: 'done', server: null })
  })

  it('leaves out lines of servers that the cloud does not show to this person', async () => {
    const cloud = {
      ...silentCloud,
      listServers: async () => ({ servers: [testServer({ id: web.id, name: web.name })], missing: [] }),
    }
    const ada = person('ada', 'operator')
    const seen = { [db.id]: ['panic\n'], [web.id]: ['panic\n'] }
    const { find } = await start(seen, { ...ada, cloudDecides: true, cloud: { ...ada.cloud, ...cloud } })
    const { hits } = await find(paths.logSearch(phrase('panic')))
    expect(hits.map(({ server }) => server.name)).toEqual(['web-01'])
  })
})
