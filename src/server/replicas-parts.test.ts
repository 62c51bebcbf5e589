import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { paths } from '../shared/api.ts'
import { AuditList } from '../shared/audit.ts'
import { LogSummary } from '../shared/line-log.ts'
import { LogSearchEvent } from '../shared/log-search.ts'
import { RecordingDetail, RecordingList, RecordingSearchEvent } from '../shared/recording.ts'
import { ServerActivity } from '../shared/server-activity.ts'
import { isInstalled } from '../testing/installed.ts'
import { startReplicas } from '../testing/replicas/servers.ts'
import { joinAt, ticketAt } from '../testing/replicas/viewer.ts'
import { searchAnswer } from '../testing/search-answer.ts'

const patient = { timeout: 10_000 }

type Servers = Awaited<ReturnType<typeof startReplicas>>['servers']

/** Two whole servers, each with folders of its own */
async function twoThatKeep() {
  const dir = await mkdtemp(join(tmpdir(), 'replicas-'))
  const envOf = (name: string) => ({
    BMS_CONSOLE_LINE_LOG_DIR: join(dir, `${name}-lines`),
    BMS_CONSOLE_RECORDINGS: 'always',
    BMS_CONSOLE_RECORDINGS_DIR: join(dir, `${name}-recordings`),
    BMS_CONSOLE_RECORDING_DELETE: 'true',
    BMS_CONSOLE_AUDIT: 'file',
    BMS_CONSOLE_AUDIT_FILE: join(dir, `${name}.log`),
  })
  const { servers } = await startReplicas(2, [envOf('a'), envOf('b')])
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  const [a, b] = servers
  if (!a || !b) throw new Error('there are two')
  return [a, b] as const
}

type Replica = Servers[number]

/** Opens the console at a replica, types what comes back, and ends the session. */
async function say(at: Replica, text: string) {
  const viewer = await joinAt(at.origin, await ticketAt(at.origin), 'client-of-a-person')
  await expect.poll(() => viewer.said('state').at(-1)?.gateway, patient).toBe('open')
  viewer.typed(`${text}\r\n`)
  await expect.poll(() => viewer.output, patient).toContain(`${text}\r\n`)
  viewer.send({ type: 'end' })
  await expect.poll(() => viewer.said('closing').length, patient).toBe(1)
}

const textAt = async ({ origin }: Replica, path: string) => (await fetch(origin + path)).text()
const jsonAt = async (at: Replica, path: string): Promise<unknown> => JSON.parse(await textAt(at, path))
const query = { text: 'said at', regex: false, matchCase: false }

async function hitsAt<Event extends { type: string }>(
  { origin }: Replica,
  path: string,
  parse: (event: unknown) => Event,
) {
  const response = await fetch(origin + path)
  return searchAnswer({ headers: Object.fromEntries(response.headers), body: await response.text() }, parse)
}

// Each starts two whole servers.
describe.skipIf(!isInstalled('redis-server'))('what two replicas keep', { timeout: 60_000 }, () => {
  it('is one history, one past of a console and one audit log at both, and told to be missing while one is away', async () => {
    const [a, b] = await twoThatKeep()
    await say(a, 'said at a')
    await say(b, 'said at b')
    for (const at of [a, b]) {
      const log = await hitsAt(at, paths.lineLogSearch('server-1', query), (event) =>
        LogSearchEvent.parse(event),
      )
      expect(log.hits.map(({ match, after }) => match + after)).toEqual(['said at b', 'said at a'])
      expect(log.end).not.toHaveProperty('away')
      expect(LogSummary.parse(await jsonAt(at, paths.lineLog('server-1')))).not.toHaveProperty('away')

      const past = ServerActivity.parse(await jsonAt(at, paths.activity('server-1')))
      expect(past.visits.map(({ end }) => end.how)).toEqual(['ended', 'ended'])
      expect(past).toMatchObject({ kept: 'file', complete: true, lost: 0, moreVisits: false })
      expect(past).not.toHaveProperty('away')
      const last = ServerActivity.parse(await jsonAt(at, paths.activity('server-1', 1)))
      expect(last.visits).toEqual(past.visits.slice(0, 1))
      expect(last.moreVisits).toBe(true)
    }

    // One audit log, page by page at whichever replica answers, and as a file
    const audited = async (at: Replica, filter: Parameters<typeof paths.audit>[0]) =>
      AuditList.parse(await jsonAt(at, paths.audit(filter)))
    const opened = { action: 'open-console' } as const
    const all = await audited(a, opened)
    expect(all).toMatchObject({ events: [{}, {}], older: null, complete: true, kept: 'file', unwritten: 0 })
    expect(all).not.toHaveProperty('away')
    expect((await audited(b, opened)).events).toEqual(all.events)
    const csv = await fetch(b.origin + paths.auditCsv(opened))
    expect((await csv.text()).trim().split('\r\n')).toHaveLength(3)
    expect(csv.headers.get('content-disposition')).not.toContain('incomplete')

    // While one of them is away, that is told.
    await a.app.close()
    const summary = LogSummary.parse(await jsonAt(b, paths.lineLog('server-1')))
    expect(summary.away).toBe(true)
    expect(ServerActivity.parse(await jsonAt(b, paths.activity('server-1')))).toMatchObject({
      away: true,
      visits: [{ end: { how: 'ended' } }],
    })
    expect(await audited(b, opened)).toMatchObject({ away: true, events: [all.events[0]] })
    const part = await fetch(b.origin + paths.auditCsv(opened))
    expect(part.headers.get('content-disposition')).toContain('-incomplete.csv')
    const list = RecordingList.parse(await jsonAt(b, paths.recordings({})))
    expect(list.away).toBe(true)
    expect(list.recordings).toHaveLength(1)
    const found = await hitsAt(b, paths.recordingsSearch(query), (event) => RecordingSearchEvent.parse(event))
    expect(found.end.away).toBe(true)
  })

  it('has recordings that play, are searched and are deleted at either of them', async () => {
    const [a, b] = await twoThatKeep()
    await say(a, 'said at a')
    await say(b, 'said at b')
    const listAt = async (at: Replica) => RecordingList.parse(await jsonAt(at, paths.recordings({})))
    await expect
      .poll(async () => (await listAt(a)).recordings.map(({ state }) => state), patient)
      .toEqual(['complete', 'complete'])
    const listed = await listAt(a)
    expect(await listAt(b)).toEqual(listed)
    expect(listed).not.toHaveProperty('away')
    const [ofB, ofA] = listed.recordings.map(({ id }) => id)
    if (!ofA || !ofB) throw new Error('there are two recordings')
    for (const at of [a, b]) {
      for (const [id, text] of [
        [ofA, 'said at a'],
        [ofB, 'said at b'],
      ] as const) {
        const detail = RecordingDetail.parse(await jsonAt(at, paths.recording(id)))
        expect(detail.recording.id).toBe(id)
        expect(await textAt(at, paths.recordingCast(id))).toContain('"o","')
        expect(await textAt(at, paths.recordingText(id))).toContain(text)
      }
      const all = await hitsAt(at, paths.recordingsSearch(query), (event) =>
        RecordingSearchEvent.parse(event),
      )
      expect(all.hits.map(({ recording }) => recording.id)).toEqual([ofB, ofA])
      expect(all.end).toEqual({ type: 'end', reason: 'all', cursor: null })
      const one = await hitsAt(at, paths.recordingSearch(ofA, query), (event) =>
        RecordingSearchEvent.parse(event),
      )
      expect(one.hits.map(({ after }) => after)).toEqual([' a'])
    }
    const headers = { origin: a.origin }
    const deleted = await fetch(a.origin + paths.recording(ofB), { method: 'DELETE', headers })
    expect(deleted.status).toBe(204)
    expect((await listAt(b)).recordings.map(({ id }) => id)).toEqual([ofA])
    expect((await fetch(b.origin + paths.recording(ofB))).status).toBe(404)
  })
})
