import type { AuditEvent } from '../../shared/audit.ts'
import { exactDetails } from '../../shared/audit-detail.ts'
import type { ConsoleVisit, PowerEvent, ServerActivity, VisitEnd } from '../../shared/server-activity.ts'
import type { AuditLog } from '../audit/audit.ts'

interface Bounds {
  /** How many visits, and how many power events */
  take: number
  /** True ends the search. */
  timeIsUp: () => boolean
}

/** What one audit log tells of a server */
export type KeptActivity = Omit<ServerActivity, 'open' | 'away'>

/**
 * What the audit log tells of one server's consoles and power: who, when, how long and how it ended. Nothing else leaves
 * it: neither addresses nor what other servers' events say.
 * @param isOpen whether the session is open now
 */
export async function readActivity(
  audit: Pick<AuditLog, 'kept' | 'search'>,
  serverId: string,
  isOpen: (session: string) => boolean,
  { take, timeIsUp }: Bounds,
): Promise<KeptActivity> {
  const visits = new Visits(isOpen)
  const power: PowerEvent[] = []
  let lost = 0
  let complete = true
  const full = () => visits.found.length > take && power.length > take
  search: for await (const { found } of audit.search({}, null)) {
    for (const { event } of found) {
      // What is lost names no server.
      if (event.action === 'lose-events') lost += event.count
      if (event.server?.id !== serverId) continue
      if (event.action === 'power') power.push(powerOf(event))
      else visits.take(event)
      if (full()) break search
    }
    if (timeIsUp()) {
      complete = false
      break
    }
  }
  return {
    visits: visits.found.slice(0, take),
    moreVisits: visits.found.length > take,
    power: power.slice(0, take),
    morePower: power.length > take,
    kept: audit.kept,
    complete,
    lost,
  }
}

/**
 * What several audit logs tell of a server together. A visit is in one of them: where the line's owner was.
 * @param parts at least one
 */
export function joinActivity(parts: readonly KeptActivity[], take: number): KeptActivity {
  const newestFirst = <T>(all: readonly T[], timeOf: (one: T) => number) =>
    all.toSorted((one, other) => timeOf(other) - timeOf(one))
  const visits = newestFirst(
    parts.flatMap((part) => part.visits),
    lastOf,
  )
  const power = newestFirst(
    parts.flatMap((part) => part.power),
    ({ time }) => Date.parse(time),
  )
  const kept = parts.map((part) => part.kept)
  return {
    visits: visits.slice(0, take),
    moreVisits: visits.length > take || parts.some(({ moreVisits }) => moreVisits),
    power: power.slice(0, take),
    morePower: power.length > take || parts.some(({ morePower }) => morePower),
    kept: kept.find((one) => one === 'memory') ?? kept.find((one) => one !== null) ?? null,
    complete: parts.every(({ complete }) => complete),
    lost: parts.reduce((sum, { lost }) => sum + lost, 0),
  }
}

/** When the last was heard of a visit: in this order logs have them */
const lastOf = ({ began, end }: ConsoleVisit): number =>
  Date.parse(began) + ('durationMs' in end ? end.durationMs : 0)

const outcomes = { done: 'accepted', refused: 'refused', failed: 'failed' } as const

const powerOf = ({ user, time, detail, outcome, cause, count }: AuditEvent): PowerEvent => ({
  user,
  time,
  // A request that the role forbids has its route for a detail.
  action: detail?.includes('/') ? null : detail,
  outcome: outcomes[outcome],
  cause,
  count,
})

/**
 * Makes visits of events, the newest first. The end of a visit tells all of it. Its beginning is then known, and one that
 * nobody has seen an end of is a visit, too.
 */
class Visits {
  readonly found: ConsoleVisit[] = []
  readonly #isOpen: (session: string) => boolean
  /** Ends whose beginnings are still to come, by user and session */
  readonly #ended = new Map<string, number>()

  constructor(isOpen: (session: string) => boolean) {
    this.#isOpen = isOpen
  }

  take(event: AuditEvent): void {
    if (event.action === 'close-console') this.#close(event)
    else if (event.action === 'open-console') this.#open(event)
  }

  #close(event: AuditEvent): void {
    const { user, cause } = event
    const durationMs = event.durationMs ?? 0
    const key = keyOf(event)
    this.#ended.set(key, (this.#ended.get(key) ?? 0) + 1)
    this.found.push({
      user,
      began: new Date(Date.parse(event.time) - durationMs).toISOString(),
      end: cause === null ? { how: 'left', durationMs } : { how: 'ended', durationMs, cause },
      ...keyboardOf(event),
      count: 1,
    })
  }

  #open(event: AuditEvent): void {
    const { user, time: began, count } = event
    const key = keyOf(event)
    const ends = this.#ended.get(key) ?? 0
    if (event.outcome === 'done' && ends > 0) {
      this.#ended.set(key, ends - 1)
      return
    }
    this.found.push({ user, began, end: this.#endOf(event), count })
  }

  #endOf({ outcome, cause, session }: AuditEvent): VisitEnd {
    switch (outcome) {
      case 'refused':
      case 'failed':
        return { how: outcome, cause }
      case 'done':
        if (session === null) return { how: 'direct' }
        return { how: this.#isOpen(session) ? 'open' : 'unseen' }
    }
  }
}

const keyOf = ({ user, session }: AuditEvent) => JSON.stringify([user?.id, session])

/** Events of earlier versions say only how much was typed. */
function keyboardOf({ detail, bytesIn }: AuditEvent): Pick<ConsoleVisit, 'keyboard'> {
  if (detail === exactDetails.writer || (bytesIn ?? 0) > 0) return { keyboard: 'writer' }
  return detail === exactDetails.reader ? { keyboard: 'reader' } : {}
}
