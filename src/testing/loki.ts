import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { z } from 'zod'

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
        values: z.array(z.tuple([z.string().regex(/^\d{19}$/), z.string().max(256 * 1024)])).min(1),
      }),
    )
    .min(1),
})

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
  const server = createServer(async (request, response) => {
    const body = await text(request)
    const answer = answers.shift() ?? 204
    if (request.method !== 'POST' || request.url !== '/loki/api/v1/push') response.writeHead(404).end()
    else if (request.headers['content-type'] !== 'application/json') response.writeHead(415).end()
    else {
      // A malformed push fails the test here, as Loki would refuse it.
      const parsed = Push.safeParse(JSON.parse(body))
      if (!parsed.success) response.writeHead(400).end(parsed.error.message)
      else {
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
