import { pipeline, type Readable, type Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { request } from 'undici'
import { readBounded } from './bounded.ts'
import { type DispatcherOptions, dispatcherOver } from './dispatcher.ts'

interface Call {
  method: 'GET' | 'POST' | 'DELETE'
  url: URL
  headers: Record<string, string>
  /** Empty: none */
  body: string
  signal: AbortSignal
  /** How many bytes the answer may have, decoded */
  limit: number
}

interface CallAnswer {
  status: number
  headers: Headers
  bytes: Uint8Array
}

/** Sends a request, and follows no redirect: that would carry credentials to another host. */
export type Caller = (call: Call) => Promise<CallAnswer>

/** RFC 9110 section 8.4.1 */
const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}
/** A firewall in front of a cloud's API may refuse a request that has no program's name. */
const usualHeaders = { accept: '*/*', 'accept-encoding': 'gzip, deflate, br', 'user-agent': 'bms-console' }

/**
 * Without `fetch`, whose requests are a dozen streams and signals each. Those are objects of Node's own, which die all
 * together in a major collection: when thousands of lines came back, that held up everybody for 340 ms.
 * @returns rejects with `AnswerTooLong`, or with what the connection failed by
 */
export function callerOver(options: DispatcherOptions = {}): Caller {
  const dispatcher = dispatcherOver(options)
  return async ({ method, url, headers, body, signal, limit }) => {
    const answer = await request(url, {
      dispatcher,
      method,
      headers: { ...usualHeaders, ...headers },
      body: body || null,
      signal,
    })
    const told = toHeaders(answer.headers)
    const bytes = await readBounded(decoded(answer.body, told.get('content-encoding')), limit)
    return { status: answer.statusCode, headers: told, bytes }
  }
}

function decoded(body: Readable, encoding: string | null): Readable {
  const decoder = encoding === null ? undefined : decoders[encoding.trim().toLowerCase()]
  if (!decoder) return body
  // What fails on one end ends the other. Who reads is told by the stream itself.
  return pipeline(body, decoder(), () => {})
}

function toHeaders(given: Record<string, string | string[] | undefined>): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(given))
    for (const each of [value ?? []].flat()) headers.append(name, each)
  return headers
}
