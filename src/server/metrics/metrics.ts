import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { LineState } from '../../shared/relay-protocol.ts'
import type { Meter } from './meter.ts'
import { type ReplicaLook, ReplicaMetrics } from './replica-metrics.ts'

/** One line, as it is when somebody looks */
export interface LineLook {
  state: LineState['gateway']
  silentMs: number
  viewers: number
  /** It is held open with nobody there. */
  watched: boolean
}

/** What can be looked at, so that nothing has to count it */
export interface MetricsView {
  lines(): LineLook[]
  /** Links that lost lines ask the cloud for */
  links(): { underWay: number; booked: number }
  /** Events of the audit log that could not be written yet */
  auditUnwritten(): number
  /** When this server's own certificate expires, epoch ms; null: something in front speaks TLS */
  certificateUntil(): number | null
  /** null: there is one process. */
  replica(): ReplicaLook | null
}

/** Prefix of every metric of ours */
const PREFIX = 'bms_console_'
const MS = 1 / 1000

/** A key's way is some milliseconds; a firmware's answer takes its time. */
const ECHO_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const LATE_SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5]
const ASKED_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
const AWAY_SECONDS = [1, 2, 5, 10, 30, 60, 300, 1_800, 3_600]
const ANSWERED_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Lines that have said nothing for at least so long */
const SILENT_FOR = { '1m': 60_000, '10m': 600_000, '1h': 3_600_000, '1d': 86_400_000 }

const STATES = ['opening', 'open', 'lost'] as const satisfies readonly LineState['gateway'][]

/**
 * What Prometheus reads. No label holds a server, a user or their address: a fleet would make thousands of series, and who
 * reads metrics need not know whose console is open.
 */
export class Metrics implements Meter {
  readonly #registry = new Registry()
  readonly #bytes = this.#counter('line_bytes_total', 'Serial bytes, out of machines and into them', [
    'direction',
  ])
  readonly #echo = this.#histogram(
    'echo_seconds',
    'Time from a key at this server to what its machine says next',
    ECHO_SECONDS,
  )
  readonly #issued = this.#counter('consoles_issued_total', 'Consoles that were given, and why in this way', [
    'transport',
    'why',
  ])
  readonly #lost = this.#counter('line_losses_total', 'Lines that were lost, by cause', ['cause'])
  readonly #away = this.#histogram('line_away_seconds', 'How long lost lines were gone', AWAY_SECONDS)
  readonly #asked = this.#histogram(
    'cloud_request_seconds',
    'What the cloud was asked, and how long it took',
    ASKED_SECONDS,
    ['operation'],
  )
  readonly #failed = this.#counter('cloud_failures_total', 'What the cloud failed or refused, by cause', [
    'operation',
    'cause',
  ])
  readonly #answered = this.#histogram('http_request_seconds', 'Requests to this server', ANSWERED_SECONDS, [
    'method',
    'route',
    'status',
  ])
  readonly #late = this.#histogram(
    'event_loop_lateness_seconds',
    'How late the event loop was, ten times a second',
    LATE_SECONDS,
  )
  readonly #sessions = this.#gauge('sessions', 'Open sessions: one for each line')
  readonly #viewers = this.#gauge('viewers', 'Viewers of all sessions')
  readonly #watched = this.#gauge('watched_lines', 'Lines that are held open with nobody there')
  readonly #lines = this.#gauge('lines', 'Lines by state', ['state'])
  readonly #silent = this.#gauge('silent_lines', 'Lines that have said nothing for at least so long', [
    'since',
  ])
  readonly #links = this.#gauge('link_requests', 'Links that lost lines ask the cloud for', ['state'])
  readonly #unwritten = this.#gauge(
    'audit_unwritten_events',
    'Events of the audit log that could not be written yet',
  )
  /** Made where there is a certificate: a gauge that nobody sets says 0, as if it had expired long ago. */
  #certificate: Gauge | null = null
  /** Made where there are replicas */
  #replica: ReplicaMetrics | null = null
  #view: MetricsView | null = null

  constructor(version: string) {
    const registers = [this.#registry]
    collectDefaultMetrics({ register: this.#registry })
    new Gauge({ name: `${PREFIX}build_info`, help: 'The version', labelNames: ['version'], registers }).set(
      { version },
      1,
    )
  }

  /** The content type of `text` */
  get contentType(): string {
    return this.#registry.contentType
  }

  text(): Promise<string> {
    if (this.#view) this.#look(this.#view)
    return this.#registry.metrics()
  }

  /** Looks at these each time it is read. */
  show(view: MetricsView): void {
    this.#view = view
  }

  bytes(direction: 'out' | 'in', count: number): void {
    this.#bytes.inc({ direction }, count)
  }

  echo(ms: number): void {
    this.#echo.observe(ms * MS)
  }

  issued(...[transport, why]: Parameters<Meter['issued']>): void {
    this.#issued.inc({ transport, why })
  }

  lineLost(cause: string): void {
    this.#lost.inc({ cause })
  }

  lineBack(awayMs: number): void {
    this.#away.observe(awayMs * MS)
  }

  asked(...[operation, ms, cause]: Parameters<Meter['asked']>): void {
    this.#asked.observe({ operation }, ms * MS)
    if (cause !== null) this.#failed.inc({ operation, cause })
  }

  answered({ method, route, status, ms }: Parameters<Meter['answered']>[0]): void {
    this.#answered.observe({ method, route, status: `${Math.floor(status / 100)}xx` }, ms * MS)
  }

  late(ms: number): void {
    this.#late.observe(ms * MS)
  }

  #counter<L extends string>(name: string, help: string, labelNames: L[]): Counter<L> {
    return new Counter({ name: PREFIX + name, help, labelNames, registers: [this.#registry] })
  }

  #histogram<L extends string = never>(
    name: string,
    help: string,
    buckets: number[],
    labelNames: L[] = [],
  ): Histogram<L> {
    return new Histogram({ name: PREFIX + name, help, buckets, labelNames, registers: [this.#registry] })
  }

  #gauge<L extends string = never>(name: string, help: string, labelNames: L[] = []): Gauge<L> {
    return new Gauge({ name: PREFIX + name, help, labelNames, registers: [this.#registry] })
  }

  /** Looks at the lines once for all that is told of them: there may be thousands. */
  #look(view: MetricsView): void {
    const lines = view.lines()
    const { underWay, booked } = view.links()
    this.#sessions.set(lines.length)
    this.#viewers.set(lines.reduce((sum, { viewers }) => sum + viewers, 0))
    this.#watched.set(lines.filter(({ watched }) => watched).length)
    for (const state of STATES)
      this.#lines.set({ state }, lines.filter((line) => line.state === state).length)
    const silences = lines.flatMap(({ state, silentMs }) => (state === 'open' ? silentMs : []))
    for (const [since, ms] of Object.entries(SILENT_FOR))
      this.#silent.set({ since }, silences.filter((silentMs) => silentMs >= ms).length)
    this.#links.set({ state: 'under-way' }, underWay)
    this.#links.set({ state: 'booked' }, booked)
    this.#unwritten.set(view.auditUnwritten())
    const replica = view.replica()
    if (replica) {
      this.#replica ??= new ReplicaMetrics(this.#registry, PREFIX)
      this.#replica.look(replica)
    }
    const until = view.certificateUntil()
    if (until === null) return
    this.#certificate ??= this.#gauge(
      'certificate_expires_timestamp_seconds',
      "When this server's own certificate expires, seconds since the epoch",
    )
    this.#certificate.set(until * MS)
  }
}
