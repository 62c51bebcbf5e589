import type { QueryClient } from '@tanstack/react-query'
import { failureOf, listEvents, restarting } from './client.ts'
import { type Listed, ListUpdate } from './listed.ts'

/** An incomplete list is drawn so often: drawing takes time from reading. */
const SHOW_EVERY_MS = 250
/** After so long, who types or scrolls has a turn. */
const TURN_MS = 20

const nothing: Listed = { servers: [], missing: [], progress: null, version: null, told: [] }

/** So long a server that said that it restarts is not called unreachable. */
const RESTART_MS = 60_000
/** Until when */
const restarts = new WeakMap<QueryClient, number>()

const readings = new WeakMap<QueryClient, AbortController>()

/** For another user, or for a newer reading */
export const stopReading = (client: QueryClient) => readings.get(client)?.abort()

/**
 * Reads the list, or what differs from the last one. It goes on when a person leaves the list for a console, so that the
 * list is whole when they come back.
 * @param last undefined: there is none
 * @param anew asks the cloud; otherwise the list may be some seconds old
 * @param show hears of a list that is incomplete, or that a newer one follows
 * @throws ApiFailure
 */
export async function readList(
  client: QueryClient,
  last: Listed | undefined,
  anew: boolean,
  show: (listed: Listed) => void,
): Promise<Listed> {
  stopReading(client)
  const reading = new AbortController()
  readings.set(client, reading)
  const { signal } = reading
  const update = new ListUpdate(last ?? nothing)
  let whole = false
  let turn = performance.now()
  let shown = 0
  let waiting: ReturnType<typeof setTimeout> | undefined
  const showNow = () => {
    clearTimeout(waiting)
    waiting = undefined
    shown = performance.now()
    if (!signal.aborted) show(update.listed)
  }
  try {
    for await (const event of listEvents(last?.version ?? undefined, anew, signal)) {
      if (whole) showNow()
      update.take(event)
      whole = event.type === 'end'
      if (event.type === 'servers' && !update.version)
        waiting ??= setTimeout(showNow, shown + SHOW_EVERY_MS - performance.now())
      if (performance.now() - turn < TURN_MS) continue
      await new Promise((resolve) => setTimeout(resolve))
      turn = performance.now()
    }
    restarts.delete(client)
    return update.listed
  } catch (error) {
    if (whole || waiting !== undefined) showNow()
    const { cause } = failureOf(error)
    const now = performance.now()
    if (cause === 'proxy-restarting') restarts.set(client, now + RESTART_MS)
    if (cause === 'proxy-unreachable' && now < (restarts.get(client) ?? 0)) throw restarting()
    throw error
  } finally {
    clearTimeout(waiting)
  }
}
