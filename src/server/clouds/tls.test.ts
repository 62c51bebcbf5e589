import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, it, onTestFinished } from 'vitest'
import { ImpatientClock } from '../../testing/clock.ts'
import { startTestCloud } from '../../testing/clouds/test-cloud.ts'
import { CloudError } from './cloud.ts'
import { CloudHttp } from './http.ts'
import { fetchOver, type TlsOptions } from './tls.ts'

let key = ''
let cert = ''

beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'bms-tls-'))
  const made = (name: string) => join(folder, name)
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  const output = ['-keyout', made('key'), '-out', made('cert')]
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', ...subject, ...output],
    {
      stdio: 'ignore',
    },
  )
  key = readFileSync(made('key'), 'utf8')
  cert = readFileSync(made('cert'), 'utf8')
})

/** @returns what came of a call to a cloud whose certificate nobody else signed */
async function call(tls: TlsOptions): Promise<unknown> {
  const server = createServer({ key, cert }, (request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => response.end(JSON.stringify({ body, token: request.headers['x-auth-token'] })))
  })
  server.listen(0, 'localhost')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const http = new CloudHttp({ fetch: fetchOver(tls), clock: new ImpatientClock() })
  const request = {
    method: 'POST' as const,
    url: new URL(`https://localhost:${port}/`),
    headers: { 'x-auth-token': 't' },
    body: 'sent',
  }
  return http.send(request, []).then(
    ({ json }) => json,
    (error: unknown) => (error instanceof CloudError ? error.failure.cause : error),
  )
}

it('a cloud with a certificate of its own is reached by its CA, or without asking; else not', async () => {
  expect(await call({ ca: cert, verify: true })).toEqual({ body: 'sent', token: 't' })
  expect(await call({ ca: null, verify: false })).toEqual({ body: 'sent', token: 't' })
  expect(await call({ ca: null, verify: true })).toBe('cloud-unreachable')
})

it('an answer may have headers of 40 KiB, as a long token has', async () => {
  const token = 't'.repeat(40 * 1024)
  const cloud = await startTestCloud(() => ({ headers: { 'x-subject-token': token } }))
  const http = new CloudHttp({ clock: new ImpatientClock() })
  const request = { method: 'POST' as const, url: new URL(cloud.endpoint), headers: {}, body: '{}' }
  const { headers } = await http.send(request, [])
  expect(headers.get('x-subject-token')).toBe(token)
})
