/**
 * An answer had more bytes than it may have. They are counted after decompression, since a few KiB of gzip can hold
 * gigabytes. Reading stops at the limit, so no more than that is ever in memory.
 */
export class AnswerTooLong extends Error {
  override readonly name = 'AnswerTooLong'
  constructor(readonly limit: number) {
    super(`The answer has more than ${Math.ceil(limit / 1024)} KiB.`)
  }
}

/**
 * Reads a body to its end: a stream of Node's or of `fetch`.
 * @throws AnswerTooLong beyond `limit` bytes; the connection is given up then
 */
export async function readBounded(body: AsyncIterable<Uint8Array>, limit: number): Promise<Buffer> {
  const reading = body[Symbol.asyncIterator]()
  const pieces: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { done, value } = await reading.next()
    if (done) return Buffer.concat(pieces, length)
    length += value.byteLength
    if (length > limit) {
      // Nobody waits for it: a peer that does not let go must not hold up the failure.
      reading.return?.().catch(() => {})
      throw new AnswerTooLong(limit)
    }
    pieces.push(value)
  }
}

/** RFC 9110: these never have a body, and `Response` refuses to be made with one. */
const withoutBody: ReadonlySet<number> = new Set([204, 205, 304])

/**
 * For libraries that read the answers themselves: the whole answer is read here first, so that it is bounded.
 * @param limit bytes
 */
export function boundedFetch<A extends unknown[]>(
  limit: number,
  over: (...asked: A) => Promise<Response>,
): (...asked: A) => Promise<Response> {
  return async (...asked) => {
    const { status, statusText, headers, body } = await over(...asked)
    const bytes = body ? await readBounded(body, limit) : Buffer.alloc(0)
    const plain = new Headers(headers)
    // They describe the bytes on the wire, which were decoded.
    plain.delete('content-encoding')
    plain.delete('content-length')
    return new Response(withoutBody.has(status) ? null : Buffer.from(bytes), {
      status,
      statusText,
      headers: plain,
    })
  }
}
