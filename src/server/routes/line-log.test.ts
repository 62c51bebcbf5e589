import { once } from 'node:events'
import { get as httpGet, type IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { ApiError, paths } from '../../shared/api.ts'
import { LogPage, LogRow, LogSummary } from '../../shared/line-log.ts'
import { listeningTestApp, testApp } from '../../testing/app.ts'
import { MemoryStore } from '../../testing/line-log.ts'
import { person } from '../../testing/sign-in/identity.ts'
import type { Identity } from '../sign-in/identity.ts'

const ORIGIN = 'https://console.test'
const headers = { host: 'console.test', origin: ORIGIN }
const server = { id: 'id-db', name: 'db-fra-01' }
const kernel = '[    0.000000] Linux version 6.1.0 (gcc) #1 SMP\r\n[    0.100000] Run /sbin/init\r\n'
const at = (second: number) => new Date(second * 1000).toISOString()

function newStore() {
  const store = new MemoryStore()
  return { store, log: store.line({ server, project: null }) }
}

async function start(store: MemoryStore | null, identity: Identity = person('ada', 'operator')) {
  const { app, audit } = await testApp({
    ...(store ? { lineStore: store } : {}),
    signIn: (mode) => ({ ...mode, identify: () => identity }),
  })
  const get = (url: string) => app.inject({ url, headers })
  const page = async (place: Parameters<typeof paths.lineLogLines>[1] = {}) =>
    LogPage.parse((await get(paths.lineLogLines(server.id, place))).json())
  return { app, audit, get, page }
}

const textsOf = ({ rows }: LogPage) =>
  rows.map((row) => (row.type === 'line' ? row.text : `<${row.mark.kind}>`))
const causeOf = (response: { statusCode: number; json: () => unknown }) => [
  response.statusCode,
  ApiError.parse(response.json()).error.cause,
]
const all = [
  paths.lineLog(server.id),
  paths.lineLogLines(server.id, {}),
  paths.lineLogRaw(server.id),
  paths.lineLogFollow(server.id),
]

describe('who may read a line’s log', () => {
  it.each(all)('not a viewer: %s', async (path) => {
    const { get, audit } = await start(newStore().store, person('bob', 'viewer'))
    expect(causeOf(await get(path))).toEqual([403, 'role-forbids'])
    expect(audit.events.at(-1)).toMatchObject({
      action: 'read-log',
      outcome: 'refused',
      server: { id: server.id },
    })
  })

  it.each(all)('nobody where lines are not kept: %s', async (path) => {
    const { get } = await start(null)
    expect(causeOf(await get(path))).toEqual([404, 'log-off'])
    expect((await get(paths.about())).json()).toMatchObject({ log: false })
  })

  it('an operator, and the audit log says so once for an open page, and for each download', async () => {
    const { store, log } = newStore()
    log.append(Buffer.from('hello\r\n'), 1000)
    const { get, page, audit } = await start(store)
    expect((await get(paths.about())).json()).toMatchObject({ log: true })
    await get(paths.lineLog(server.id))
    await page()
    await page()
    await get(paths.lineLogRaw(server.id))
    await get(paths.lineLogRaw(server.id))
    const read = { action: 'read-log', outcome: 'done', server, user: { name: 'ada' } }
    expect(audit.events).toMatchObject([
      { ...read, detail: 'page' },
      { ...read, detail: 'raw' },
      { ...read, detail: 'raw' },
    ])
  })
})

describe('the summary', () => {
  it('tells how far the log reaches, its boots and its marks, newest first', async () => {
    const { store, log } = newStore()
    log.append(Buffer.from(kernel), 1_000_000)
    log.mark({ kind: 'seam', why: 'line-lost', awayMs: 12_000 }, 1_050_000)
    const second = log.end
    log.append(Buffer.from(`${kernel}[    3.9] Kernel panic - not syncing: no init\r\n`), 1_100_000)
    log.mark({ kind: 'power', action: 'reboot', by: 'Ada' }, 1_150_000)
    const { get } = await start(store)
    const summary = LogSummary.parse((await get(paths.lineLog(server.id))).json())
    expect(summary).toEqual({
      start: 0,
      end: log.end,
      firstTime: at(1000),
      lastTime: at(1100),
      boots: [
        { offset: second, time: at(1100), ended: null },
        { offset: 0, time: at(1000), ended: null },
      ],
      moreBoots: false,
      marks: [
        {
          type: 'mark',
          offset: log.end,
          time: at(1150),
          mark: { kind: 'power', action: 'reboot', by: 'Ada' },
        },
        {
          type: 'mark',
          offset: second,
          time: at(1050),
          mark: { kind: 'seam', why: 'line-lost', awayMs: 12_000 },
        },
      ],
    })
  })

  it('of a line that was never opened is empty', async () => {
    const { get } = await start(newStore().store)
    const summary = LogSummary.parse((await get(paths.lineLog('id-other'))).json())
    expect(summary).toEqual({
      start: 0,
      end: 0,
      firstTime: null,
      lastTime: null,
      boots: [],
      moreBoots: false,
      marks: [],
    })
  })
})

describe('lines', () => {
  it('are the newest, with marks in place, and lead to those before and after', async () => {
    const { store, log } = newStore()
    for (let index = 0; index < 6; index++) log.append(Buffer.from(`line ${index}\r\n`), index * 1000)
    log.mark({ kind: 'power', action: 'reboot', by: 'Ada' }, 6000)
    log.append(Buffer.from('login: '), 7000)
    const { page } = await start(store)
    const last = await page({ limit: 3 })
    expect(textsOf(last)).toEqual(['line 4', 'line 5', '<power>', 'login:'])
    expect(last).toMatchObject({
      atEnd: true,
      rows: [{ offset: 32, end: 40, time: at(4) }, {}, {}, { end: null }],
    })
    const before = await page({ before: last.before ?? -1, limit: 3 })
    expect(textsOf(before)).toEqual(['line 1', 'line 2', 'line 3'])
    expect(textsOf(await page({ from: before.after, limit: 1 }))).toEqual(['line 4'])
    expect(textsOf(await page({ from: 0, limit: 2 }))).toEqual(['line 0', 'line 1'])
    log.append(Buffer.from('root\r\n'), 8000)
    expect(textsOf(await page({ from: last.after }))).toEqual(['<power>', 'login: root'])
  })

  it('since a boot, and none since one that is not there', async () => {
    const { store, log } = newStore()
    log.append(Buffer.from(`before\r\n${kernel}`), 1_000_000)
    log.append(Buffer.from(kernel.replace('6.1', '6.6')), 2_000_000)
    const { get, page } = await start(store)
    expect(textsOf(await page({ boot: 'last' }))[0]).toContain('6.6')
    expect(textsOf(await page({ boot: '2' }))[0]).toContain('6.1')
    expect(causeOf(await get(paths.lineLogLines(server.id, { boot: '3' })))).toEqual([404, 'boot-not-found'])
  })

  it.each(['limit=0', 'limit=1001', 'from=-1', 'from=x', 'from=1&before=2', 'boot=0'])(
    'are not what %s could mean',
    async (query) => {
      const { get } = await start(newStore().store)
      expect(causeOf(await get(`/api/servers/${server.id}/log/lines?${query}`))).toEqual([400, 'bad-request'])
    },
  )
})

describe('the bytes', () => {
  it('come as they came, all or a part', async () => {
    const { store, log } = newStore()
    const bytes = Buffer.from(Array.from({ length: 700_000 }, (_, index) => index % 256))
    log.append(bytes, 1000)
    log.lose(50, 2000)
    log.append(Buffer.from('after'), 3000)
    const { get } = await start(store)
    const response = await get(paths.lineLogRaw(server.id))
    expect(response.rawPayload.equals(Buffer.concat([bytes, Buffer.from('after')]))).toBe(true)
    expect(response.headers['content-disposition']).toBe(
      `attachment; filename="${server.id}-0-${log.end}.log"`,
    )
    const part = await get(paths.lineLogRaw(server.id, { from: 256, to: 260 }))
    expect([...part.rawPayload]).toEqual([0, 1, 2, 3])
    expect((await get(paths.lineLogRaw(server.id, { from: 900_000 }))).rawPayload).toHaveLength(0)
  })
})

describe('following', () => {
  const open = async (store: MemoryStore, signIn: string | null = null) => {
    const ended: ((signIn: string) => void)[] = []
    const identity = { ...person('ada', 'operator'), signIn }
    const { origin, audit } = await listeningTestApp({
      lineStore: store,
      signIn: (mode) => ({
        ...mode,
        identify: () => identity,
        onEnded(listener) {
          ended.push(listener)
        },
      }),
    })
    const follow = async (place: Parameters<typeof paths.lineLogFollow>[1] = {}) => {
      const request = httpGet(origin + paths.lineLogFollow(server.id, place), { agent: false })
      const [response] = (await once(request, 'response')) as [IncomingMessage]
      response.setEncoding('utf8')
      request.on('error', () => {})
      response.on('error', () => {})
      return { response, leave: () => request.destroy(), rows: rowsOf(response) }
    }
    const endSignIn = (which: string) => {
      for (const tell of ended) tell(which)
    }
    return { follow, audit, endSignIn }
  }

  async function* rowsOf(response: IncomingMessage): AsyncGenerator<LogRow> {
    let open = ''
    for await (const text of response) {
      const lines = (open + String(text)).split('\n')
      open = lines.pop() ?? ''
      for (const line of lines) if (line !== '') yield LogRow.parse(JSON.parse(line))
    }
  }
  const next = async (rows: AsyncGenerator<LogRow>) => {
    const { value } = await rows.next()
    if (!value) return 'end'
    return value.type === 'line' ? value.text : `<${value.mark.kind}>`
  }

  it('gives the newest lines, then each line and mark once as it comes', async () => {
    const { store, log } = newStore()
    log.append(Buffer.from('one\r\ntwo\r\nthree\r\nhalf'), 1000)
    const { follow, audit } = await open(store)
    const { rows, response, leave } = await follow({ last: 2 })
    expect(response.headers['content-type']).toContain('application/x-ndjson')
    expect([await next(rows), await next(rows)]).toEqual(['two', 'three'])
    log.append(Buffer.from(' a line\r\n'), 2000)
    expect(await next(rows)).toBe('half a line')
    log.mark({ kind: 'power', action: 'reboot', by: 'Ada' }, 3000)
    expect(await next(rows)).toBe('<power>')
    log.mark({ kind: 'seam', why: 'line-lost', awayMs: 5 }, 4000)
    log.append(Buffer.from('again\r\n'), 5000)
    expect([await next(rows), await next(rows)]).toEqual(['<seam>', 'again'])
    expect(audit.events).toMatchObject([{ action: 'read-log', detail: 'follow' }])
    leave()
  })

  it('from a place that is no longer kept begins with a gap', async () => {
    const { store, log } = newStore()
    log.append(Buffer.from('old\r\n'), 1000)
    log.append(Buffer.from('new\r\n'), 2000)
    log.drop(5)
    const { follow } = await open(store)
    const { rows, leave } = await follow({ from: 0 })
    expect([await next(rows), await next(rows)]).toEqual(['<gap>', 'new'])
    leave()
  })

  it('a line that begins later gives it from its first byte', async () => {
    const store = new MemoryStore()
    const { follow } = await open(store)
    const { rows, leave } = await follow()
    const writer = await store.open({ server, project: null })
    writer.append(Buffer.from('first\r\n'), 1000)
    expect(await next(rows)).toBe('first')
    writer.append(Buffer.from('second\r\n'), 2000)
    expect(await next(rows)).toBe('second')
    leave()
  })

  it('ends with the sign-in', async () => {
    const { store, log } = newStore()
    log.append(Buffer.from('one\r\n'), 1000)
    const { follow, endSignIn } = await open(store, 'mine')
    const { rows } = await follow()
    expect(await next(rows)).toBe('one')
    endSignIn('other')
    log.append(Buffer.from('two\r\n'), 2000)
    expect(await next(rows)).toBe('two')
    endSignIn('mine')
    expect(await next(rows)).toBe('end')
  })

  it('is limited for each person, and a place is free when one leaves', async () => {
    const { store } = newStore()
    const { follow } = await open(store)
    const following = await Promise.all(Array.from({ length: 8 }, () => follow()))
    expect((await follow()).response.statusCode).toBe(429)
    following[0]?.leave()
    await expect
      .poll(
        async () => {
          const { response, leave } = await follow()
          leave()
          return response.statusCode
        },
        { timeout: 20_000 },
      )
      .toBe(200)
    for (const { leave } of following) leave()
  })

  it('by a reader that takes nothing keeps the server from reading on', async () => {
    const { store, log } = newStore()
    for (let index = 0; index < 120; index++)
      log.append(Buffer.from(`${'x'.repeat(98)}\r\n`.repeat(1000)), 1000)
    let furthest = 0
    const read = log.read.bind(log)
    log.read = (from, most) => {
      furthest = Math.max(furthest, from)
      return read(from, most)
    }
    const { follow } = await open(store)
    const { response, leave } = await follow({ from: 0 })
    response.pause()
    let before = -1
    await expect
      .poll(
        () => {
          const still = before === furthest
          before = furthest
          return still && furthest > 0
        },
        { timeout: 20_000, interval: 500 },
      )
      .toBe(true)
    expect(furthest).toBeLessThan(8_000_000)
    leave()
  })
})
