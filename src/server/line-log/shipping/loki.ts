import type { Clock } from '../../../shared/clock.ts'
import { Deadline, type Lifetime } from '../../deadline.ts'
import { wayError } from '../../outbound/way-error.ts'
import type { Entry } from './entry.ts'
import type { ShipSettings } from './settings.ts'
import type { Destination, Outcome } from './shipper.ts'

/** One request, ms */
const REQUEST_MS = 10_000

/** What is wrong with the batch itself, so that it is refused again the next time */
const REFUSALS: ReadonlySet<number> = new Set([400, 413, 422])

/** Pushes to Grafana Loki, or what speaks its API. https://grafana.com/docs/loki/latest/reference/loki-http-api/#ingest-logs */
export class Loki implements Destination {
  readonly #url: URL
  readonly #headers: Record<string, string>
  readonly #clock: Clock
  readonly #fetch: typeof fetch

  constructor(
    { url, token, tenant }: Extract<ShipSettings, { to: 'loki' }>,
    clock: Clock,
    over: typeof fetch,
  ) {
    this.#url = new URL(url)
    this.#headers = {
      'content-type': 'application/json',
      ...(token === null ? {} : { authorization: authorization(token) }),
      ...(tenant === null ? {} : { 'x-scope-orgid': tenant }),
    }
    this.#clock = clock
    this.#fetch = over
  }

  async send(batch: readonly Entry[], within: Lifetime): Promise<Outcome> {
    const deadline = new Deadline(REQUEST_MS, within, this.#clock)
    try {
      const response = await this.#fetch(this.#url, {
        method: 'POST',
        headers: this.#headers,
        body: JSON.stringify({ streams: streamsOf(batch) }),
        // A redirect would carry the token to another host.
        redirect: 'manual',
        signal: deadline.signal,
      })
      await response.body?.cancel()
      if (response.ok) return { kind: 'taken' }
      const why = `${this.#url.host} answered ${response.status}`
      return { kind: REFUSALS.has(response.status) ? 'refused' : 'later', why }
    } catch (error) {
      const why = deadline.late
        ? `${this.#url.host} did not answer in time`
        : wayError(error instanceof Error ? error.cause : error, this.#url.host).message
      return { kind: 'later', why }
    } finally {
      deadline.release()
    }
  }
}

/** A bearer token never has a colon. https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
function authorization(token: string): string {
  return token.includes(':') ? `Basic ${Buffer.from(token).toString('base64')}` : `Bearer ${token}`
}

interface Stream {
  stream: Record<string, string>
  values: [time: string, text: string][]
}

/** A stream for each server: its labels are few, and so are their values. */
function streamsOf(batch: readonly Entry[]): Stream[] {
  const streams = new Map<string, Stream>()
  for (const { line, type, text, time, nth } of batch) {
    const { server, project } = line
    const key = JSON.stringify([server.id, server.name, project?.id])
    const stream = streams.get(key) ?? {
      stream: {
        job: 'bms-console',
        server_id: server.id,
        server_name: server.name,
        ...(project ? { project: project.name ?? project.id } : {}),
      },
      values: [],
    }
    streams.set(key, stream)
    // Nanoseconds are more than a number holds exactly.
    const nanoseconds = `${Math.floor(time)}${String(nth).padStart(6, '0')}`
    stream.values.push([nanoseconds, type === 'line' ? text : `[BMS Console] ${text}`])
  }
  return [...streams.values()]
}
