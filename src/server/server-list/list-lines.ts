import type { ServerList } from '../../shared/api.ts'
import { ListEvent } from '../../shared/server-list.ts'

/** Servers in one line: a reader's thread must not be held up by one. */
const AT_ONCE = 250

/** @param event without what the schema does not have */
export const eventLine = (event: ListEvent): string => `${JSON.stringify(ListEvent.parse(event))}\n`

export const missingLine = (missing: ServerList['missing']): string => eventLine({ type: 'missing', missing })

/** @param servers each as JSON */
export function serverLines(servers: readonly string[]): string[] {
  const lines: string[] = []
  for (let at = 0; at < servers.length; at += AT_ONCE)
    lines.push(`{"type":"servers","servers":[${servers.slice(at, at + AT_ONCE).join(',')}]}\n`)
  return lines
}

export const goneLine = (ids: readonly string[]): string =>
  ids.length === 0 ? '' : eventLine({ type: 'gone', ids: [...ids] })

/** @param server as JSON, without the mark: it must not count as a change of the cloud's */
export const marked = (server: string, watched: boolean): string =>
  watched ? `${server.slice(0, -1)},"watched":true}` : server
