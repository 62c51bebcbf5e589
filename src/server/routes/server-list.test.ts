import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { get as httpGet, type IncomingMessage } from 'node:http'
import { createGunzip } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ApiError, paths, type ServerList } from '../../shared/api.ts'
import type { Server } from '../../shared/server.ts'
import { listeningTestApp } from '../../testing/app.ts'
import { ManualClock } from '../../testing/clock.ts'
import { testServer } from '../../testing/server.ts'
import { ListReader, listEvents } from '../../testing/server-list.ts'
import { person, silentCloud } from '../../testing/sign-in/identity.ts'
import { CloudError, type ListWant } from '../clouds/cloud.ts'
import { SNAPSHOT_MS, sharedCloud } from '../clouds/snapshot.ts'

const server = (id: string, change: Partial<Server> = {}) => testServer({ id, name: id, ...change })

/** A reading of the cloud, which the test answers */
interface Asked {
  page: (servers: Server[], total?: number | null) => void
  give: (list: Partial<ServerList>) => void
  fail: () => void
}

/** The whole server with a list that the test tells, and readers over real sockets. */
async function start() {
  const clock = new ManualClock(Date.now())
  const lists: Asked[] = []
  let tellAsked = () => {}
  const cloud = sharedCloud(
    {
      ...silentCloud,
      listServers: ({ onPage }: ListWant = {}) =>
        new Promise<ServerList>((resolve, reject) => {
          lists.push({
            page: (servers, total = null) => onPage?.({ servers, total }),
            give: (list) => resolve({ servers: [], missing: [], ...list }),
            fail: () => reject(new CloudError({ cause: 'cloud-timeout', detail: 'too slow' })),
          })
          tellAsked()
        }),
    },
    clock,
  )
  const asked = async (count: number) => {
    while (lists.length < count)
      await new Promise<void>((resolve) => {
        tellAsked = resolve
      })
    const last = lists[count - 1]
    if (!last) throw new Error('not asked')
    return last
  }
  let endSignIn = (_signIn: string) => {}
  const ada = { ...person('ada'), cloud }
  const { app, origin, log } = await listeningTestApp({
    clock,
    env: { BMS_CONSOLE_USER_REQUESTS_PER_MINUTE: '100000' },
    signIn: (mode) => ({
      ...mode,
      identify: () => ada,
      onEnded: (listener) => {
        endSignIn = listener
      },
    }),
  })

  /** Reads as a page does. */
  const read = async (query: Parameters<typeof paths.serverList>[0] = {}, encoding = 'gzip, br') => {
    const headers = { 'accept-encoding': encoding }
    const request = httpGet(origin + paths.serverList(query), { agent: false, headers })
    onTestFinished(() => void request.destroy())
    const [response]: [IncomingMessage] = await once(request, 'response').then(([answer]) => [answer])
    const isGzip = response.headers['content-encoding'] === 'gzip'
    const body = isGzip ? response.pipe(createGunzip()) : response
    let text = ''
    let tell = () => {}
    const ended = (async () => {
      for await (const piece of body) {
        text += piece
        tell()
      }
    })()
    ended.catch(() => {})
    /** Resolves with the text once it is like this. */
    const until = async (like: (text: string) => boolean) => {
      while (!like(text))
        await new Promise<void>((resolve) => {
          tell = resolve
        })
      return text
    }
    const whole = async () => {
      await ended
      return listEvents(text)
    }
    return { response, request, until, whole, ended }
  }
  const lines = (count: number) => (text: string) => text.split('\n').filter(Boolean).length >= count
  return { app, clock, log, lists, asked, read, lines, endSignIn: (signIn: string) => endSignIn(signIn) }
}

describe('the stream', () => {
  it('gives each page as it comes, with how many there will be', async () => {
    const { asked, read, lines } = await start()
    const reading = read()
    const cloud = await asked(1)
    cloud.page([server('a')], 3)
    const { until, whole, response } = await reading
    expect(listEvents(await until(lines(2)))).toEqual([
      { type: 'begin', whole: true, total: 3 },
      { type: 'servers', servers: [server('a')] },
    ])
    cloud.page([server('b')], 2)
    expect(listEvents(await until(lines(4))).slice(2)).toEqual([
      { type: 'total', total: 2 },
      { type: 'servers', servers: [server('b')] },
    ])
    cloud.give({ servers: [server('a'), server('b')] })
    expect((await whole()).at(-1)).toMatchObject({ type: 'end' })
    expect(response.headers).toMatchObject({
      'content-type': 'application/x-ndjson; charset=utf-8',
      'content-encoding': 'gzip',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    expect(response.headers.vary).toMatch(/accept-encoding/i)
  })

  it.each([
    ['gzip', true],
    ['br;q=1, GZIP;q=0.5', true],
    ['gzip; q=1.0, *;q=0', true],
    ['gzip;q=0, identity', false],
    ['gzip;q=0.000', false],
    ['x-gzip-not', false],
    ['br', false],
    ['', false],
  ])('for Accept-Encoding %j: compressed is %j, and says the same', async (encoding, compressed) => {
    const { asked, read } = await start()
    const reading = read({}, encoding)
    const servers = Array.from({ length: 600 }, (_, at) => server(`ü-${at}`))
    const cloud = await asked(1)
    cloud.page(servers)
    cloud.give({ servers })
    const { response, whole } = await reading
    expect(new ListReader().take(await whole()).list.servers).toEqual(servers)
    expect(response.headers['content-encoding']).toBe(compressed ? 'gzip' : undefined)
  })

  it('says each 10 s that it goes on, while the cloud says nothing', async () => {
    const { asked, clock, read, lines } = await start()
    const reading = read()
    const cloud = await asked(1)
    clock.advance(10_000)
    const { until, whole } = await reading
    expect(await until((text) => text !== '')).toBe('\n')
    clock.advance(10_000)
    expect(await until((text) => text.length > 1)).toBe('\n\n')
    const a = server('a')
    cloud.page([a])
    await until(lines(2))
    clock.advance(10_000)
    await until((text) => text.endsWith('\n\n'))
    cloud.give({ servers: [a] })
    expect((await whole()).map(({ type }) => type)).toEqual(['begin', 'servers', 'missing', 'end'])
  })

  it('is an error as any other where nothing can be listed', async () => {
    const { asked, read } = await start()
    const reading = read()
    ;(await asked(1)).fail()
    const { response, until } = await reading
    expect([response.statusCode, response.headers['content-encoding']]).toEqual([504, undefined])
    const body = await until((text) => text.endsWith('}'))
    expect(ApiError.parse(JSON.parse(body)).error.cause).toBe('cloud-timeout')
  })

  it('ends with `failed` where the cloud does later, and keeps what came', async () => {
    const { asked, read } = await start()
    const reading = read()
    const cloud = await asked(1)
    cloud.page([server('a')])
    cloud.fail()
    expect(await (await reading).whole()).toEqual([
      { type: 'begin', whole: true, total: null },
      { type: 'servers', servers: [server('a')] },
      { type: 'failed', failure: { cause: 'cloud-timeout', detail: 'too slow' } },
    ])
  })

  it('names what is missing, and takes back what is gone', async () => {
    const { asked, read } = await start()
    const reading = read()
    const cloud = await asked(1)
    const b = server('b')
    cloud.page([server('a'), b])
    const missing = [{ where: 'eu-nl', failure: { cause: 'throttled' } as const }]
    cloud.give({ servers: [b], missing })
    const events = await (await reading).whole()
    expect(events.slice(2, 4)).toEqual([
      { type: 'gone', ids: ['a'] },
      { type: 'missing', missing },
    ])
  })
})

describe('with a version', () => {
  it('only what differs comes, and next to nothing where nothing does', async () => {
    const { asked, clock, read } = await start()
    const first = read()
    ;(await asked(1)).give({ servers: [server('a'), server('b')] })
    const { version } = new ListReader().take(await (await first).whole())
    clock.advance(SNAPSHOT_MS)
    const second = read({ since: version ?? '' })
    ;(await asked(2)).give({ servers: [server('a', { power: 'off' })] })
    const events = await (await second).whole()
    expect(events.slice(0, 3)).toEqual([
      { type: 'begin', whole: false, total: 1 },
      { type: 'servers', servers: [server('a', { power: 'off' })] },
      { type: 'gone', ids: ['b'] },
    ])
    const { version: newer } = new ListReader().take(events)
    const third = await read({ since: newer ?? '' })
    const { socket } = third.response
    expect((await third.whole()).map(({ type }) => type)).toEqual(['begin', 'missing', 'end'])
    expect(socket.bytesRead).toBeLessThan(2_000)
  })

  it('that is unknown the whole list comes', async () => {
    const { asked, read } = await start()
    const reading = read({ since: 'another.7' })
    ;(await asked(1)).give({ servers: [server('a')] })
    expect((await (await reading).whole())[0]).toEqual({ type: 'begin', whole: true, total: 1 })
  })
})

/** More than all buffers between the two have, also when compressed */
const long = () =>
  Array.from({ length: 500 }, (_, at) =>
    server(`s-${at}`, { tags: [randomBytes(30_000).toString('base64')] }),
  )

describe('a reader', () => {
  it('whose sign-in ends is told so, at once, and another one reads on', async () => {
    const { asked, read, lines, endSignIn } = await start()
    const reading = read()
    const cloud = await asked(1)
    cloud.page([server('a')])
    const { until, whole } = await reading
    await until(lines(2))
    endSignIn('bob')
    cloud.page([server('b')])
    await until(lines(3))
    endSignIn('ada')
    expect((await whole()).at(-1)).toMatchObject({ type: 'failed', failure: { cause: 'sign-in-needed' } })
  })

  it('is told that the server restarts, and gets the end of what was sent', async () => {
    const { app, asked, read, lines } = await start()
    const reading = read()
    const plainly = read({}, 'identity')
    ;(await asked(1)).page([server('a')])
    const readers = await Promise.all([reading, plainly])
    for (const { until } of readers) await until(lines(2))
    const closed = app.close()
    for (const { whole, response } of readers) {
      const events = await whole()
      expect(events.map(({ type }) => type)).toEqual(['begin', 'servers', 'failed'])
      expect(events.at(-1)).toMatchObject({ failure: { cause: 'proxy-restarting' } })
      // With its trailer: what decompresses it complains of nothing.
      expect(response.complete).toBe(true)
    }
    await closed
  })

  it('who takes nothing does not hold up the end for long', async () => {
    const { app, asked, read } = await start()
    const reading = read()
    const cloud = await asked(1)
    const servers = long()
    cloud.page(servers)
    const { response, request } = await reading
    response.unpipe().pause()
    cloud.give({ servers })
    // Once another one has the whole list, this one's waits in its socket.
    await (await read()).whole()
    const begun = performance.now()
    const gone = once(request, 'close')
    await app.close()
    // A second is for last words. The rest is for a busy machine, and far below the 30 s of a slow reader.
    expect(performance.now() - begun).toBeLessThan(10_000)
    response.resume()
    await gone
    expect(response.complete).toBe(false)
  })

  it('may read 200 times at once, and who leaves makes room', async () => {
    const { asked, read } = await start()
    const readings = Array.from({ length: 200 }, () => read())
    ;(await asked(1)).page([server('a')])
    await Promise.all(readings)
    const refused = await read()
    expect(refused.response.statusCode).toBe(429)
    ;(await readings[0])?.request.destroy()
    await expect.poll(async () => (await read()).response.statusCode, { timeout: 20_000 }).toBe(200)
  })
})

describe('a reader who takes nothing', () => {
  it('is waited for 30 s, holds up nobody else, and costs the cloud nothing more', async () => {
    const { asked, clock, lists, log, read } = await start()
    const reading = read({ fresh: 'true' })
    const cloud = await asked(1)
    const servers = long()
    for (let at = 0; at < servers.length; at += 50) cloud.page(servers.slice(at, at + 50))
    const { response, request } = await reading
    response.unpipe().pause()
    cloud.give({ servers })
    const other = await read()
    expect(new ListReader().take(await other.whole()).list.servers).toHaveLength(500)
    const closed = once(request, 'close')
    let waited = 0
    let over = false
    void closed.then(() => {
      over = true
    })
    while (!log.some((line) => line.includes('too slow'))) {
      clock.advance(1_000)
      waited += 1
      await new Promise((resolve) => setImmediate(resolve))
      if (waited > 1_000) break
    }
    response.resume()
    await closed
    expect([over, response.complete]).toEqual([true, false])
    expect(waited).toBeGreaterThanOrEqual(30)
    expect(waited).toBeLessThanOrEqual(60)
    expect(lists).toHaveLength(1)
  })
})
