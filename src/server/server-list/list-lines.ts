import type { ServerList } from '../../shared/api.ts'
import { ListEvent } from '../../shared/server-list.ts'

/** Servers in one line: a reader's thread must not be held up by one. */
const AT_ONCE = 250

const line = (text: string): Buffer => Buffer.from(`${text}\n`)

/** @param event without what the schema does not have */
export const eventLine = (event: ListEvent): Buffer => line(JSON.stringify(ListEvent.parse(event)))

export const missingLine = (missing: ServerList['missing']): Buffer => eventLine({ type: 'missing', missing })

/** @param servers each as JSON */
export function serverLines(servers: readonly string[]): Buffer[] {
  const lines: Buffer[] = []
  for (let at = 0; at < servers.length; at += AT_ONCE)
    lines.push(line(`{"type":"servers","servers":[${servers.slice(at, at + AT_ONCE).join(',')}]}`))
  return lines
}

export function goneLines(ids: readonly string[]): Buffer[] {
  return ids.length === 0 ? [] : [eventLine({ type: 'gone', ids: [...ids] })]
}

/** @param server as JSON, without the mark: it must not count as a change of the cloud's */
export const marked = (server: string, watched: boolean): string =>
  watched ? `${server.slice(0, -1)},"watched":true}` : server
