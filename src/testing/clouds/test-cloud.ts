import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export interface RecordedRequest {
  method: string
  /** Path and query as they were sent */
  path: string
  headers: IncomingHttpHeaders
  body: string
}

export interface CannedAnswer {
  status?: number
  headers?: Record<string, string>
  /** A string is sent as it is, anything else as JSON. */
  body?: unknown
  /** `silent`: no answer. `stalls`: half a body, then nothing. `drops`: the connection ends. `truncates`: both. */
  fault?: 'silent' | 'stalls' | 'drops' | 'truncates'
}

/** Starts a cloud on loopback that records its requests and answers with what the test gives. */
export async function startTestCloud(answer: (request: RecordedRequest, index: number) => CannedAnswer) {
  const requests: RecordedRequest[] = []
  const server = createServer(async (incoming, response) => {
    let body = ''
    for await (const chunk of incoming.setEncoding('utf8')) body += chunk
    const { method = '', url = '', headers } = incoming
    const request = { method, path: url, headers, body }
    requests.push(request)
    const reply = answer(request, requests.length - 1)
    const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? {})
    switch (reply.fault) {
      case 'silent':
        return
      case 'drops':
        incoming.socket.destroy()
        return
      case 'stalls':
      case 'truncates':
        response.writeHead(reply.status ?? 200, { 'content-length': Buffer.byteLength(text) })
        response.write(text.slice(0, text.length / 2), () => {
          if (reply.fault === 'truncates') incoming.socket.destroy()
        })
        return
      case undefined:
        response.writeHead(reply.status ?? 200, reply.headers).end(text)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const sent = (method: string, path: RegExp) =>
    requests.filter((request) => request.method === method && path.test(request.path))
  return { endpoint: `http://127.0.0.1:${port}`, requests, sent }
}

/** IAM's answer to a good sign-in. @param from when the token was issued, ms since the epoch */
export const tokenAnswer = (token: string, from = 0, goodMs = 86_400_000): CannedAnswer => ({
  status: 201,
  headers: { 'x-subject-token': token },
  body: {
    token: {
      methods: ['password'],
      issued_at: new Date(from).toISOString(),
      expires_at: new Date(from + goodMs).toISOString(),
      user: { id: 'ops-id', name: 'ops', domain: { id: 'acme-id', name: 'acme' } },
      catalog: [],
    },
  },
})

/** Headers that the HTTP client adds by itself */
const ofClient = new Set(['accept-encoding', 'connection', 'content-length', 'host', 'user-agent'])

/** A request without what the client adds, with its body as it was sent */
export function sent({ method, path, headers, body }: RecordedRequest) {
  const own = Object.entries(headers).filter(([name]) => !ofClient.has(name))
  return { method, path, headers: Object.fromEntries(own), body }
}

/** The same with its body parsed, if there is one */
export function ours(request: RecordedRequest) {
  const { body, ...rest } = sent(request)
  return { ...rest, body: body === '' ? '' : JSON.parse(body) }
}
