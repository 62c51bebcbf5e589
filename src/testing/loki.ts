import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { z } from 'zod'

/** `max_line_size` by default. It counts bytes. https://grafana.com/docs/loki/latest/configure/#limits_config */
const MOST_LINE_BYTES = 256 * 1024

/** A push as Loki takes it. https://grafana.com/docs/loki/latest/reference/loki-http-api/#ingest-logs */
const Push = z.strictObject({
  streams: z
    .array(
      z.strictObject({
        /** Loki refuses names of any other form, and more than 15 of them. */
        stream: z
          .record(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/), z.string().min(1).max(2048))
          .refine((labels) => Object.keys(labels).length > 0 && Object.keys(labels).length <= 15),
        /** Nanoseconds since the epoch, and the line */
        values: z
          .array(z.tuple([z.string().regex(/^\d{19}$/), z.string().refine(fits)]))
          .min(1)
          .refine(grows),
      }),
    )
    .min(1)
    .refine(areDifferent),
})

function fits(line: string): boolean {
  return Buffer.byteLength(line) <= MOST_LINE_BYTES
}

/** Loki takes older lines only for an hour, and two equal ones of one time for one. */
function grows(values: readonly (readonly [time: string, line: string])[]): boolean {
  return values.every(([time], index) => index === 0 || BigInt(time) > BigInt(values[index - 1]?.[0] ?? 0))
}

/** Labels name a stream. */
function areDifferent(streams: readonly { stream: Record<string, string> }[]): boolean {
  return new Set(streams.map(({ stream }) => nameOf(stream))).size === streams.length
}

const nameOf = (labels: Record<string, string>) => JSON.stringify(Object.entries(labels).toSorted())

interface Pushed {
  headers: IncomingHttpHeaders
  streams: z.infer<typeof Push>['streams']
}

/** Stands in for Grafana Loki, for tests. */
export async function startLoki() {
  const pushes: Pushed[] = []
  /** What it answers to the next pushes; then it takes them. `none`: it never answers. */
  const answers: (number | 'none')[] = []
  const waiting: (() => void)[] = []
  /** The newest line that was taken, by stream */
  const newest = new Map<string, bigint>()
  /** @returns whether each stream goes on behind what was taken of it */
  const goesOn = (streams: Pushed['streams']) => {
    const firsts = streams.map(({ stream, values }) => [nameOf(stream), BigInt(values[0]?.[0] ?? 0)] as const)
    return firsts.every(([name, first]) => first > (newest.get(name) ?? -1n))
  }
  const take = (streams: Pushed['streams']) => {
    for (const { stream, values } of streams) newest.set(nameOf(stream), BigInt(values.at(-1)?.[0] ?? 0))
  }
  const server = createServer(async (request, response) => {
    const body = await text(request)
    const answer = answers.shift() ?? 204
    if (request.method !== 'POST' || request.url !== '/loki/api/v1/push') response.writeHead(404).end()
    else if (request.headers['content-type'] !== 'application/json') response.writeHead(415).end()
    else {
      // A malformed push fails the test here, as Loki would refuse it.
      const parsed = Push.safeParse(JSON.parse(body))
      if (!parsed.success) response.writeHead(400).end(parsed.error.message)
      else if (!goesOn(parsed.data.streams)) response.writeHead(400).end('entry out of order, or sent twice')
      else {
        if (answer === 200 || answer === 204) take(parsed.data.streams)
        pushes.push({ headers: request.headers, streams: parsed.data.streams })
        if (answer !== 'none') response.writeHead(answer).end()
      }
    }
    for (const told of waiting.splice(0)) told()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/loki/api/v1/push`,
    pushes,
    answers,
    /** Waits until so many pushes have come since the start. */
    async pushed(count: number): Promise<void> {
      while (pushes.length < count) await new Promise<void>((resolve) => waiting.push(resolve))
    },
    async close(): Promise<void> {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
