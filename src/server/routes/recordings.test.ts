import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { ApiError, paths } from '../../shared/api.ts'
import { RecordingDetail, RecordingList } from '../../shared/recording.ts'
import { testApp } from '../../testing/app.ts'
import { recordPast } from '../../testing/recordings/past.ts'
import { testServer } from '../../testing/server.ts'
import { person, silentCloud } from '../../testing/sign-in/identity.ts'
import { CloudError } from '../clouds/cloud.ts'
import { parseConfig } from '../config.ts'
import { RecordingReader } from '../recordings/reader.ts'
import type { Identity } from '../sign-in/identity.ts'

const ORIGIN = 'https://console.test'
const headers = { host: 'console.test', origin: ORIGIN }
/** Recordings made before the server starts, oldest first. */
async function start(printed: Record<string, string> = {}, env: NodeJS.ProcessEnv = {}, identity?: Identity) {
  const dir = await mkdtemp(join(tmpdir(), 'recordings-'))
  const settings = {
    BMS_CONSOLE_PUBLIC_ORIGINS: ORIGIN,
    BMS_CONSOLE_TRANSPORT: 'relay',
    BMS_CONSOLE_RECORDINGS: 'always',
    BMS_CONSOLE_RECORDINGS_DIR: dir,
    ...env,
  }
  const config = parseConfig(settings)
  const ids = config.recordings ? await recordPast(config.recordings, Object.entries(printed)) : []
  const { app, audit } = await testApp({
    env: settings,
    signIn: (mode) => ({ ...mode, ...(identity ? { identify: () => identity } : {}) }),
  })
  onTestFinished(async () => {
    await app.close()
    await rm(dir, { recursive: true })
  })
  const get = (url: string) => app.inject({ url, headers })
  return { app, dir, ids, get, audit }
}

const server = (id: string) => testServer({ id, name: id })

const causeOf = (response: { json: () => unknown }) => ApiError.parse(response.json()).error.cause

describe('recordings over HTTP', () => {
  it('are not there when they are off, and the page is told', async () => {
    const { app, get } = await start({}, { BMS_CONSOLE_RECORDINGS: 'off' })
    expect((await get(paths.about())).json()).toMatchObject({ recordings: 'off' })
    for (const url of [paths.recordings({}), paths.recording(crypto.randomUUID())]) {
      const response = await get(url)
      expect([response.statusCode, causeOf(response)]).toEqual([404, 'recordings-off'])
    }
    const deletion = await app.inject({ method: 'DELETE', url: paths.recording('x'), headers })
    expect(causeOf(deletion)).toBe('recordings-off')
    expect((await get('/healthz')).headers['content-security-policy']).not.toContain('wasm')
  })

  it('are listed newest first, by server too', async () => {
    const { get, ids } = await start({ 'web-01': 'a', 'db-01': 'b' })
    expect((await get(paths.about())).json()).toMatchObject({ recordings: 'always' })
    const all = RecordingList.parse((await get(paths.recordings({}))).json())
    expect(all.recordings.map(({ id }) => id)).toEqual([...ids].reverse())
    expect(all).toMatchObject({ page: 1, hasMore: false })
    expect(all.recordings.map(({ mayDelete }) => mayDelete)).toEqual([false, false])
    expect(all.servers).toEqual([
      { id: 'id-of-db-01', name: 'db-01' },
      { id: 'id-of-web-01', name: 'web-01' },
    ])
    const one = RecordingList.parse((await get(paths.recordings({ server: 'id-of-web-01' }))).json())
    expect(one.recordings.map(({ serverName }) => serverName)).toEqual(['web-01'])
    expect(one.servers).toHaveLength(2)
  })

  it('come in pages', async () => {
    const { get } = await start(
      Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`server-${index}`, 'x'])),
    )
    const pageOf = async (page: number) => RecordingList.parse((await get(paths.recordings({ page }))).json())
    const [first, second] = [await pageOf(1), await pageOf(2)]
    expect([first.recordings.length, first.hasMore]).toEqual([25, true])
    expect([second.recordings.length, second.hasMore]).toEqual([5, false])
    const names = [...first.recordings, ...second.recordings].map(({ serverName }) => serverName)
    expect(new Set(names).size).toBe(30)
  })

  it('are given as asciicast and as text', async () => {
    const { get, ids } = await start({ 'web-01': 'wrong\b\b\b\b\b\x1b[32mright\x1b[0m\r\n' })
    const [id = ''] = ids
    const cast = await get(paths.recordingCast(id))
    expect(cast.headers['content-type']).toBe('application/x-asciicast')
    expect(cast.headers['content-disposition']).toBe(`attachment; filename="${id}.cast"`)
    const lines = cast.body.trimEnd().split('\n')
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ version: 2, title: 'web-01' })
    expect(JSON.parse(lines[2] ?? '')).toEqual([expect.any(Number), 'o', expect.stringContaining('right')])
    const text = await get(paths.recordingText(id))
    expect(text.headers['content-type']).toBe('text/plain; charset=utf-8')
    expect(text.body).toBe('right\n')
    const detail = RecordingDetail.parse((await get(paths.recording(id))).json())
    expect(detail).toMatchObject({
      recording: { id, startedBy: 'ops', startedById: 'ops-1', state: 'complete' },
      mayDelete: false,
    })
  })

  it('that take too much work are refused in words, and so are too many at once', async () => {
    const { get, ids } = await start({ 'web-01': 'x' })
    const [id = ''] = ids
    for (const [bound, status, cause] of [
      ['time', 422, 'recording-limit'],
      ['memory', 422, 'recording-limit'],
      ['queue', 503, 'recordings-busy'],
    ] as const) {
      const stopped = vi
        .spyOn(RecordingReader.prototype, 'text')
        .mockResolvedValue({ kind: 'stopped', bound })
      const response = await get(paths.recordingText(id))
      stopped.mockRestore()
      expect([response.statusCode, causeOf(response)]).toEqual([status, cause])
      expect(response.headers['retry-after']).toBe(bound === 'queue' ? '10' : undefined)
    }
  })

  it('are deleted only where policy allows', async () => {
    for (const allowed of [false, true]) {
      const { app, dir, ids } = await start(
        { 'web-01': 'x' },
        { BMS_CONSOLE_RECORDING_DELETE: String(allowed) },
      )
      const response = await app.inject({ method: 'DELETE', url: paths.recording(ids[0] ?? ''), headers })
      if (allowed) {
        expect(response.statusCode).toBe(204)
        expect(await readdir(dir)).toEqual(['lines'])
        const kept = await readdir(join(dir, 'lines'), { recursive: true })
        expect(kept.filter((name) => name.endsWith('.seg'))).toEqual([])
        const again = await app.inject({ method: 'DELETE', url: paths.recording(ids[0] ?? ''), headers })
        expect([again.statusCode, causeOf(again)]).toEqual([404, 'recording-not-found'])
      } else {
        expect([response.statusCode, causeOf(response)]).toEqual([403, 'recording-kept'])
        expect(await readdir(dir)).toHaveLength(3)
      }
    }
  })

  it('are told to the audit log when they are read or deleted, and when they may not be', async () => {
    for (const allowed of [false, true]) {
      const { app, ids, get, audit } = await start(
        { 'web-01': 'x' },
        { BMS_CONSOLE_RECORDING_DELETE: String(allowed) },
      )
      const [id = ''] = ids
      await get(paths.recordings({}))
      await get(paths.recordingCast(id))
      await get(paths.recordingText(id))
      await get(paths.recordingCast(crypto.randomUUID()))
      await app.inject({ method: 'DELETE', url: paths.recording(id), headers })
      const read = { action: 'read-recording', outcome: 'done' }
      const common = { server: { id: 'id-of-web-01', name: 'web-01' }, user: { id: 'service' }, detail: id }
      expect(audit.events).toMatchObject([
        { ...common, ...read },
        { ...common, ...read },
        {
          ...common,
          action: 'delete-recording',
          outcome: allowed ? 'done' : 'refused',
          cause: allowed ? null : 'recording-kept',
        },
      ])
    }
  })

  it('are told to the audit log when they are searched, in the list or alone', async () => {
    const { ids, get, audit } = await start({ 'web-01': 'x', 'db-01': 'y' })
    const query = { text: 'x', regex: false, matchCase: false }
    await get(paths.recordingsSearch(query))
    await get(paths.recordingsSearch(query, 'id-of-web-01'))
    await get(paths.recordingSearch(ids[1] ?? '', query))
    const search = { action: 'search-recordings', outcome: 'done', user: { id: 'service' } }
    expect(audit.events).toMatchObject([
      { ...search, server: null, detail: null },
      { ...search, server: { id: 'id-of-web-01', name: 'web-01' } },
      { ...search, server: { id: 'id-of-db-01', name: 'db-01' }, detail: ids[1] },
    ])
  })

  it('have no other names than their ids', async () => {
    const { app, dir, get } = await start({}, { BMS_CONSOLE_RECORDING_DELETE: 'true' })
    await writeFile(join(dir, '..', 'outside.cast'), 'secret')
    onTestFinished(() => rm(join(dir, '..', 'outside.cast')))
    for (const id of ['..%2Foutside', '%2e%2e%2foutside', '..', 'a.json', '%00', 'x'.repeat(150)]) {
      for (const url of ['', '/cast', '/text', '/search?q=x'].map((end) => `/api/recordings/${id}${end}`)) {
        const response = await get(url)
        expect(response.statusCode, url).toBeGreaterThanOrEqual(400)
        expect(response.statusCode, url).toBeLessThan(500)
        expect(response.body).not.toContain('secret')
      }
      const deletion = await app.inject({ method: 'DELETE', url: `/api/recordings/${id}`, headers })
      expect(deletion.statusCode).toBeGreaterThanOrEqual(400)
    }
    for (const end of ['', '/cast', '/text', '/search?q=x']) {
      const response = await get(`/api/recordings/${crypto.randomUUID()}${end}`)
      expect([response.statusCode, causeOf(response)]).toEqual([404, 'recording-not-found'])
    }
  })

  it('are, where the cloud knows its users, only of servers that it shows them', async () => {
    const identity: Identity = {
      ...person('ada', 'admin', {
        ...silentCloud,
        listServers: async () => ({ servers: [server('id-of-web-01')], missing: [] }),
        async getServer(id) {
          if (id === 'id-of-slow-01') throw new CloudError({ cause: 'cloud-timeout' })
          if (id !== 'id-of-web-01') throw new CloudError({ cause: 'no-permission' })
          return server(id)
        },
      }),
      cloudDecides: true,
    }
    const env = { BMS_CONSOLE_RECORDING_DELETE: 'true' }
    const { app, get, ids } = await start({ 'web-01': 'x', 'db-01': 'x', 'slow-01': 'x' }, env, identity)
    const list = RecordingList.parse((await get(paths.recordings({}))).json())
    expect(list.recordings.map(({ serverName }) => serverName)).toEqual(['web-01'])
    expect(list.servers).toEqual([{ id: 'id-of-web-01', name: 'web-01' }])
    const [own = '', other = '', unknown = ''] = ids
    const all = (id: string) => [
      paths.recording(id),
      paths.recordingSearch(id, { text: 'x', regex: false, matchCase: false }),
      paths.recordingCast(id),
      paths.recordingText(id),
    ]
    for (const url of all(own)) expect((await get(url)).statusCode, url).toBe(200)
    for (const url of all(other)) {
      const response = await get(url)
      expect([response.statusCode, causeOf(response)], url).toEqual([404, 'recording-not-found'])
    }
    const deletion = await app.inject({ method: 'DELETE', url: paths.recording(other), headers })
    expect([deletion.statusCode, causeOf(deletion)]).toEqual([404, 'recording-not-found'])
    expect(causeOf(await get(paths.recording(unknown)))).toBe('cloud-timeout')
  })

  it('describe themselves, and allow the player its WebAssembly', async () => {
    const { get } = await start()
    const docs = await get('/api/docs/json')
    expect(Object.keys(docs.json().paths)).toEqual(
      expect.arrayContaining(['/api/recordings', '/api/recordings/{id}/cast', '/api/recordings/{id}/text']),
    )
    expect((await get('/healthz')).headers['content-security-policy']).toContain(
      "script-src 'self' 'wasm-unsafe-eval'",
    )
  })
})
