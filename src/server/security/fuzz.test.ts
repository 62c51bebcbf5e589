import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { ApiError, paths } from '../../shared/api.ts'
import { RELAY_SUBPROTOCOL, RelayMessage } from '../../shared/relay-protocol.ts'
import { resumeWith } from '../../testing/resume.ts'
import { type GuardedApp, secrets, startGuardedApp } from '../../testing/security/guarded-app.ts'

/** What nobody may read, in an answer or in the log: the planted secrets, and what the server has given out. */
function leaks(text: string, given: readonly string[]): string[] {
  return [...Object.values(secrets), ...given].filter((secret) => secret !== '' && text.includes(secret))
}

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ maxLength: 300 }),
  fc.constantFrom(
    '..',
    '%2e%2e',
    '../../etc/passwd',
    '\0',
    '%00',
    '%',
    '{{7*7}}',
    "' OR 1=1 --",
    '__proto__',
  ),
)

/** Bodies: JSON of any shape, near misses of what is asked for, and bytes that are not JSON. */
const secretOr = <T>(other: fc.Arbitrary<T>) => fc.oneof(fc.constantFrom(...Object.values(secrets)), other)
const nearMiss = fc.record(
  {
    method: fc.oneof(fc.constantFrom('password', 'token'), fc.jsonValue()),
    domain: secretOr(fc.jsonValue()),
    user: secretOr(fc.jsonValue()),
    password: secretOr(fc.jsonValue()),
    code: secretOr(fc.jsonValue()),
    token: secretOr(fc.jsonValue()),
    projects: fc.oneof(fc.array(anyText), fc.jsonValue()),
    everywhere: fc.jsonValue(),
    action: fc.oneof(fc.constantFrom('power-off', 'self-destruct'), fc.jsonValue()),
    __proto__: fc.jsonValue(),
    constructor: fc.jsonValue(),
  },
  { requiredKeys: [] },
)
const body = fc.oneof(
  nearMiss.map((value) => JSON.stringify(value)),
  fc.jsonValue().map((value) => JSON.stringify(value)),
  fc.string({ unit: 'binary', maxLength: 2_000 }),
  fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  fc.constantFrom(
    '',
    '{',
    '[[[[',
    `{"a":${'['.repeat(5_000)}`,
    'null',
    '"',
    '{"__proto__":{"role":"admin"}}',
  ),
)
const contentType = fc.constantFrom(
  'application/json',
  'application/json; charset=utf-16',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/json, text/html',
  '',
)

/** A header's value as it may be on the wire: visible Latin-1. */
const headerText = fc
  .array(
    fc.integer({ min: 0x20, max: 0xff }).filter((code) => code !== 0x7f),
    { maxLength: 200 },
  )
  .map((codes) => String.fromCharCode(...codes))
const cookie = fc.oneof(
  headerText,
  headerText.map((value) => `bms-console=${value}`),
  headerText.map((value) => `bms-console-device=${value}`),
  fc
    .array(fc.constantFrom('bms-console', 'bms-console-device', '__Host-bms-console', '__proto__', 'a'))
    .map((names) => names.map((name) => `${name}=${name}`).join('; ')),
  fc.base64String({ maxLength: 60 }).map((value) => `bms-console=${value}`),
  // The shape of a signed device cookie, `alg: none` and others.
  fc
    .tuple(fc.constantFrom('none', 'HS256', 'RS256'), fc.base64String(), fc.base64String())
    .map(
      ([alg, payload, signature]) =>
        `bms-console-device=${Buffer.from(JSON.stringify({ alg })).toString('base64url')}.${payload}.${signature}`,
    ),
)

/** Nothing is 500, every refusal is an error as the API describes it, and no secret is in it. */
function expectSafe(response: { statusCode: number; body: string }, given: readonly string[]) {
  expect(response.statusCode).not.toBe(500)
  if (response.statusCode >= 400) expect(ApiError.safeParse(JSON.parse(response.body)).success).toBe(true)
  expect(leaks(response.body, given)).toEqual([])
}

const numRuns = (runs: number) => ({ numRuns: runs, endOnFailure: true })

/** Thousands of requests, on a computer that may be busy. */
const TIME_LIMIT_MS = 180_000

describe('malformed input', { timeout: TIME_LIMIT_MS }, () => {
  it('as bodies: no 500, no crash, no secret told', async () => {
    const app = await startGuardedApp()
    const own = await app.signIn()
    const routes = [...app.app.accessTable.keys()].filter((route) => /^(POST|PUT|DELETE) /.test(route))
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...routes),
        body,
        contentType,
        fc.boolean(),
        async (route, payload, type, signedIn) => {
          const [method, url] = route.split(' ') as ['POST', string]
          // Signing out is tested elsewhere: here it would end what the other runs need.
          const headers = {
            ...app.headers,
            'content-type': type,
            ...(signedIn && url !== paths.signOut() ? { cookie: own } : {}),
          }
          const response = await app.app.inject({
            method,
            url: url.replace(':id', 'linux-1'),
            headers,
            payload,
          })
          expectSafe(response, [own.split('=')[1] ?? ''])
        },
      ),
      numRuns(3_000),
    )
    expect(leaks(app.log.join('\n'), [own.split('=')[1] ?? ''])).toEqual([])
    expect(leaks(JSON.stringify(app.audit.events), [])).toEqual([])
  })

  it('as paths and queries: no 500, nothing but servers by their id is asked for', async () => {
    const app = await startGuardedApp()
    const own = await app.signIn()
    const routes = [...app.app.accessTable.keys()].filter(
      (route) => !/^(OPTIONS|HEAD) /.test(route) && !route.includes('/relay') && !route.includes('/docs'),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...routes),
        anyText,
        fc.boolean(),
        fc.dictionary(
          fc.constantFrom('q', 'server', 'page', 'user', 'from', 'to', 'before', '__proto__'),
          anyText,
        ),
        async (route, text, encoded, query) => {
          const [method, path = ''] = route.split(' ') as ['GET', string]
          if (path === paths.signOut()) return
          const param = encoded ? encodeURIComponent(text) : text.replace(/[^!-~]/g, '')
          const search = new URLSearchParams(query)
          const url = `${path.replace(/:\w+|\*/, () => param)}${search.size > 0 ? `?${search}` : ''}`
          const response = await app.app.inject({ method, url, headers: { ...app.headers, cookie: own } })
          expectSafe(response, [own.split('=')[1] ?? ''])
        },
      ),
      numRuns(2_000),
    )
    expect(leaks(app.log.join('\n'), [own.split('=')[1] ?? ''])).toEqual([])
  })

  it('as cookies and headers: as good as none', async () => {
    const app = await startGuardedApp()
    const before = [...app.calls]
    await fc.assert(
      fc.asyncProperty(cookie, headerText, async (value, other) => {
        const headers = { ...app.headers, cookie: value, 'x-forwarded-user': other, 'x-forwarded-for': other }
        const state = await app.app.inject({ url: paths.signIn(), headers })
        expect(state.json()).toMatchObject({ state: 'signed-out' })
        const list = await app.app.inject({ url: paths.servers(), headers })
        expect(list.statusCode).toBe(401)
      }),
      numRuns(2_000),
    )
    expect(app.calls).toEqual(before)
  })

  it('as frames of a viewer: the viewer is told and closed, the others and the server go on', async () => {
    const app = await startGuardedApp()
    const own = await app.signIn()
    const steady = await openViewer(app, own, 'steady-viewer-of-the-test')
    const frame = fc.oneof(
      fc.record({ binary: fc.constant(true), data: fc.uint8Array({ maxLength: 300 }) }),
      fc.record({
        binary: fc.constant(false),
        data: fc.oneof(
          anyText,
          fc.jsonValue().map((value) => JSON.stringify(value)),
          fc
            .record({
              type: fc.oneof(
                fc.constantFrom(
                  ...['ack', 'take', 'release', 'hand', 'end', 'record', 'stay', 'resume'],
                  ...['answer', 'retry', 'beat'],
                ),
                anyText,
              ),
              offset: fc.jsonValue(),
              viewer: fc.jsonValue(),
              on: fc.jsonValue(),
              ticket: fc.jsonValue(),
              client: fc.jsonValue(),
              input: fc.jsonValue(),
              before: fc.jsonValue(),
              text: fc.jsonValue(),
            })
            // A good `end` would end the session for all: that is what it is for.
            .filter(({ type }) => type !== 'end')
            .map((value) => JSON.stringify(value)),
        ),
      }),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.array(frame, { minLength: 30, maxLength: 60 }),
        async (joins, frames) => {
          // A person may join twice a second.
          app.passes(1_000)
          const socket = joins
            ? (await openViewer(app, own, 'fuzzing-viewer-of-the-test')).socket
            : await openSocket(app, own)
          let answers = ''
          socket.on('message', (data: Buffer, isBinary) => {
            if (!isBinary) answers += RelayMessage.parse(JSON.parse(data.toString())).type
          })
          for (const { binary, data } of frames) socket.send(data, { binary })
          // What is sent after it comes after it: when the pong is here all frames were read, or it is closed.
          const read = new Promise<void>((resolve) => {
            socket.once('pong', () => resolve())
            socket.once('close', () => resolve())
          })
          socket.ping()
          await read
          socket.terminate()
          expect(leaks(answers, [])).toEqual([])
        },
      ),
      numRuns(60),
    )
    expect((await app.app.inject({ url: '/healthz' })).statusCode).toBe(200)
    expect(steady.socket.readyState).toBe(WebSocket.OPEN)
    expect(steady.closing).toBeNull()
    steady.socket.terminate()
    expect(leaks(app.log.join('\n'), [own.split('=')[1] ?? ''])).toEqual([])
  })
})

async function openSocket(app: GuardedApp, cookie: string, session?: string): Promise<WebSocket> {
  const url = paths.relay(session ?? (await app.ticket(cookie)).session)
  const socket = new WebSocket(`ws://${app.host}${url}`, RELAY_SUBPROTOCOL, {
    headers: { ...app.headers, cookie },
  })
  socket.on('error', () => {})
  await new Promise((resolve) => socket.once('open', resolve))
  return socket
}

/** A viewer that has joined. */
async function openViewer(app: GuardedApp, cookie: string, client: string) {
  const issued = await app.ticket(cookie)
  const socket = await openSocket(app, cookie, issued.session)
  const viewer: { socket: WebSocket; closing: unknown } = { socket, closing: null }
  const joined = new Promise<void>((resolve) => {
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) return
      const message = RelayMessage.parse(JSON.parse(data.toString()))
      if (message.type === 'closing') viewer.closing = message.failure
      if (message.type === 'hello') resolve()
    })
  })
  socket.send(JSON.stringify(resumeWith(issued.ticket, client)))
  await joined
  return viewer
}
