import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ImpatientClock } from '../../testing/clock.ts'
import { startTestCloud } from '../../testing/clouds/test-cloud.ts'
import { CloudError } from '../clouds/cloud.ts'
import { CloudHttp } from '../clouds/http.ts'
import { AnswerTooLong, boundedFetch } from './bounded.ts'

const MIB = 1024 * 1024

/** A server in the cloud's place. Its bodies are too long. */
async function hostileCloud(kind: 'compressed' | 'endless') {
  const bomb = gzipSync(Buffer.alloc(64 * MIB))
  let asked = 0
  let sent = 0
  const server = createServer((_request, response) => {
    asked += 1
    if (kind === 'compressed') {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)
      return
    }
    response.writeHead(200)
    const piece = Buffer.alloc(64 * 1024, ' ')
    const pump = () => {
      while (!response.destroyed) {
        sent += piece.length
        if (!response.write(piece)) {
          response.once('drain', pump)
          return
        }
      }
    }
    pump()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { url: new URL(`http://127.0.0.1:${port}/`), asked: () => asked, sent: () => sent }
}

const failureOf = (call: Promise<unknown>) =>
  call.then(
    () => null,
    (error: unknown) => (error instanceof CloudError ? error.failure : error),
  )

describe('an answer of the cloud', () => {
  it.each(['compressed', 'endless'] as const)(
    'that is %s is given up at the limit, and not asked for again',
    async (kind) => {
      const { url, asked, sent } = await hostileCloud(kind)
      const http = new CloudHttp({ answerLimit: MIB, clock: new ImpatientClock() })
      const request = { method: 'GET' as const, url, headers: {}, body: '' }
      expect(await failureOf(http.sendTwice(request, []))).toEqual({
        cause: 'answer-too-long',
        detail: `${url.host}: The answer has more than 1024 KiB.`,
      })
      expect(asked()).toBe(1)
      // What the sockets on the way take in comes on top.
      expect(sent()).toBeLessThan(16 * MIB)
    },
  )

  it('shares its limit with the other pages of a list', async () => {
    const { endpoint } = await startTestCloud(() => ({ body: JSON.stringify('x'.repeat(600)) }))
    const pages = new CloudHttp({ answerLimit: 1000 })
    const url = new URL(endpoint)
    const request = { method: 'GET' as const, url, headers: {}, body: '', budget: { left: 1000 } }
    expect((await pages.send(request, [])).json).toBe('x'.repeat(600))
    expect(await failureOf(pages.send(request, []))).toMatchObject({ cause: 'answer-too-long' })
  })
})

describe('a bounded fetch', () => {
  it('answers as the other does', async () => {
    const bounded = boundedFetch(1000, async () =>
      Response.json({ a: 1 }, { status: 201, headers: { 'x-a': 'b', 'content-encoding': 'gzip' } }),
    )
    const answer = await bounded()
    expect([answer.status, answer.headers.get('x-a'), answer.headers.get('content-encoding')]).toEqual([
      201,
      'b',
      null,
    ])
    expect(await answer.json()).toEqual({ a: 1 })
    const empty = boundedFetch(1000, async () => new Response(null, { status: 204 }))
    expect((await empty()).status).toBe(204)
  })

  it.each(['compressed', 'endless'] as const)('refuses a body that is %s', async (kind) => {
    const { url } = await hostileCloud(kind)
    await expect(boundedFetch(MIB, fetch)(url)).rejects.toBeInstanceOf(AnswerTooLong)
  })
})
