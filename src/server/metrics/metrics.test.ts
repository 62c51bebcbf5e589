import { describe, expect, it } from 'vitest'
import { paths } from '../../shared/api.ts'
import { listeningTestApp, testApp } from '../../testing/app.ts'
import { testServer } from '../../testing/server.ts'
import { silentCloud } from '../../testing/sign-in/identity.ts'
import { CloudError } from '../clouds/cloud.ts'
import { type LineLook, Metrics } from './metrics.ts'
import type { ReplicaLook } from './replica-metrics.ts'

/** The samples of a text that Prometheus reads */
function samples(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(' ')
      return [line.slice(0, space), Number(line.slice(space + 1))]
    }),
  )
}

const look = (state: LineLook['state'], silentMs: number, viewers = 0): LineLook => ({
  state,
  silentMs,
  viewers,
  watched: viewers === 0,
})

describe('what Prometheus reads', () => {
  it('is the lines as they are now', async () => {
    const metrics = new Metrics('1.2.3')
    let lines = [look('open', 10, 2), look('open', 700_000), look('lost', 5_000_000, 1)]
    let until: number | null = null
    metrics.show({
      lines: () => lines,
      links: () => ({ underWay: 1, booked: 4 }),
      auditUnwritten: () => 3,
      certificateUntil: () => until,
      replica: () => null,
    })
    const seen = samples(await metrics.text())
    const expected = {
      'bms_console_build_info{version="1.2.3"}': 1,
      bms_console_sessions: 3,
      bms_console_viewers: 3,
      bms_console_watched_lines: 1,
      'bms_console_lines{state="opening"}': 0,
      'bms_console_lines{state="open"}': 2,
      'bms_console_lines{state="lost"}': 1,
      'bms_console_silent_lines{since="1m"}': 1,
      'bms_console_silent_lines{since="10m"}': 1,
      'bms_console_silent_lines{since="1h"}': 0,
      'bms_console_link_requests{state="under-way"}': 1,
      'bms_console_link_requests{state="booked"}': 4,
      bms_console_audit_unwritten_events: 3,
    }
    expect(Object.fromEntries(Object.keys(expected).map((name) => [name, seen.get(name)]))).toEqual(expected)
    // A 0 would look like a certificate that expired long ago.
    const expires = 'bms_console_certificate_expires_timestamp_seconds'
    expect(seen.has(expires)).toBe(false)
    until = Date.UTC(2030, 0, 1)
    expect(samples(await metrics.text()).get(expires)).toBe(1_893_456_000)
    lines = []
    expect(samples(await metrics.text()).get('bms_console_lines{state="open"}')).toBe(0)
  })

  it('is how a replica is among the others, where there are several', async () => {
    const metrics = new Metrics('1.2.3')
    let replica: ReplicaLook | null = null
    metrics.show({
      lines: () => [],
      links: () => ({ underWay: 0, booked: 0 }),
      auditUnwritten: () => 0,
      certificateUntil: () => null,
      replica: () => replica,
    })
    expect(await metrics.text()).not.toContain('replica')
    replica = {
      id: 'r1',
      address: '10.0.0.5:8090',
      replicas: 3,
      ownedLines: 40,
      passedOn: 7,
      taken: 9,
      leases: { renewed: 100, unrenewed: 2, expired: 1, taken: 0 },
    }
    for (let read = 0; read < 2; read++) {
      const seen = samples(await metrics.text())
      const expected = {
        'bms_console_replica_info{replica="r1",address="10.0.0.5:8090"}': 1,
        bms_console_replicas: 3,
        bms_console_owned_lines: 40,
        'bms_console_replica_connections{direction="out"}': 7,
        'bms_console_replica_connections{direction="in"}': 9,
        'bms_console_lease_renewals_total{outcome="confirmed"}': 100,
        'bms_console_lease_renewals_total{outcome="failed"}': 2,
        'bms_console_leases_lost_total{why="expired"}': 1,
        'bms_console_leases_lost_total{why="taken"}': 0,
      }
      expect(Object.fromEntries(Object.keys(expected).map((name) => [name, seen.get(name)]))).toEqual(
        expected,
      )
    }
  })

  it('is what happened, in seconds', async () => {
    const metrics = new Metrics('1.2.3')
    metrics.bytes('out', 1_000)
    metrics.bytes('in', 1)
    metrics.echo(4)
    metrics.issued('relay', 'reached')
    metrics.issued('direct', 'unreached')
    metrics.lineLost('gateway-closed')
    metrics.lineBack(3_000)
    metrics.asked('console', 800, null)
    metrics.asked('console', 10_000, 'cloud-timeout')
    metrics.late(2)
    const seen = samples(await metrics.text())
    expect(seen.get('bms_console_line_bytes_total{direction="out"}')).toBe(1_000)
    expect(seen.get('bms_console_line_bytes_total{direction="in"}')).toBe(1)
    expect(seen.get('bms_console_echo_seconds_bucket{le="0.0025"}')).toBe(0)
    expect(seen.get('bms_console_echo_seconds_bucket{le="0.005"}')).toBe(1)
    expect(seen.get('bms_console_consoles_issued_total{transport="relay",why="reached"}')).toBe(1)
    expect(seen.get('bms_console_consoles_issued_total{transport="direct",why="unreached"}')).toBe(1)
    expect(seen.get('bms_console_line_losses_total{cause="gateway-closed"}')).toBe(1)
    expect(seen.get('bms_console_line_away_seconds_sum')).toBe(3)
    expect(seen.get('bms_console_cloud_request_seconds_count{operation="console"}')).toBe(2)
    const failures = 'bms_console_cloud_failures_total{operation="console",cause="cloud-timeout"}'
    expect(seen.get(failures)).toBe(1)
    expect(seen.get('bms_console_event_loop_lateness_seconds_count')).toBe(1)
  })
})

/** Where the log says that metrics are served */
function metricsPort(log: readonly string[]): number {
  const line = log.map((each) => JSON.parse(each)).find(({ msg }) => msg === 'metrics are served')
  return line.port
}

describe('the address of metrics', () => {
  it('is another one than the page has, and counts requests by route', async () => {
    const { origin, log } = await listeningTestApp({
      env: { BMS_CONSOLE_METRICS_LISTEN: '127.0.0.1:0' },
      cloud: { ...silentCloud, listServers: async () => ({ servers: [testServer()], missing: [] }) },
    })
    expect((await fetch(origin + paths.servers())).status).toBe(200)
    expect((await fetch(`${origin}/metrics`)).status).toBe(404)
    await fetch(`${origin}/nothing/${'x'.repeat(50)}`, { method: 'DELETE' })
    const at = `http://127.0.0.1:${metricsPort(log)}`
    const response = await fetch(`${at}/metrics`)
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
    const seen = samples(await response.text())
    const list = '{method="GET",route="/api/servers",status="2xx"}'
    expect(seen.get(`bms_console_http_request_seconds_count${list}`)).toBe(1)
    expect(seen.get('bms_console_cloud_request_seconds_count{operation="list"}')).toBe(1)
    expect(seen.get('bms_console_sessions')).toBe(0)
    expect([...seen.keys()].join('\n')).not.toContain('xxxx')
    expect(seen.has('process_resident_memory_bytes')).toBe(true)
    expect((await fetch(`${at}/`)).status).toBe(404)
    expect((await fetch(`${at}/metrics`, { method: 'POST' })).status).toBe(405)
  })

  it('is nowhere unless it is set', async () => {
    const { log } = await listeningTestApp()
    expect(log.join('')).not.toContain('metrics are served')
  })
})

describe('readiness', () => {
  it('knows how the cloud answered last, and counts it only where it is asked to', async () => {
    let failing = true
    const { app } = await testApp({
      cloud: {
        ...silentCloud,
        async listServers() {
          if (failing) throw new CloudError({ cause: 'cloud-timeout' })
          return { servers: [], missing: [] }
        },
      },
    })
    const ask = async (url: string) => {
      const response = await app.inject({ url, headers: { host: '10.1.2.3' } })
      return [response.statusCode, response.json()]
    }
    const list = () => app.inject({ url: `${paths.servers()}`, headers: { host: 'console.test' } })
    expect(await ask('/readyz/cloud')).toEqual([200, { status: 'ready', cloud: { state: 'unknown' } }])
    await list()
    expect(await ask('/readyz')).toMatchObject([
      200,
      { status: 'ready', cloud: { state: 'failing', cause: 'cloud-timeout' } },
    ])
    expect(await ask('/readyz/cloud')).toMatchObject([503, { error: { cause: 'cloud-timeout' } }])
    failing = false
    await list()
    expect(await ask('/readyz/cloud')).toMatchObject([200, { status: 'ready', cloud: { state: 'ok' } }])
  })
})
