import type { ServerList } from '../shared/api.ts'
import type { Server } from '../shared/server.ts'
import { ListEvent } from '../shared/server-list.ts'

/** The events of an answer. A blank line says nothing. */
export const listEvents = (text: string): ListEvent[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ListEvent.parse(JSON.parse(line)))

/** The whole list, as a stream tells it. */
export const wholeList = ({ servers, missing }: ServerList, version = 'v1'): ListEvent[] => [
  { type: 'begin', whole: true, total: servers.length },
  { type: 'servers', servers },
  { type: 'missing', missing },
  { type: 'end', version },
]

/** What a reader of the list has, as the stream's rules say. It is written for clarity, and the page's own for speed. */
export class ListReader {
  servers = new Map<string, Server>()
  missing: ServerList['missing'] = []
  version: string | null = null
  #came: Set<string> | null = null

  take(events: readonly ListEvent[]): this {
    for (const event of events) this.#take(event)
    return this
  }

  get list(): ServerList {
    return { servers: [...this.servers.values()], missing: this.missing }
  }

  #take(event: ListEvent): void {
    switch (event.type) {
      case 'begin':
        this.#came = event.whole ? new Set() : null
        break
      case 'servers':
        for (const server of event.servers) {
          this.servers.set(server.id, server)
          this.#came?.add(server.id)
        }
        break
      case 'gone':
        for (const id of event.ids) this.servers.delete(id)
        break
      case 'missing':
        this.missing = event.missing
        break
      case 'end':
        for (const id of this.servers.keys()) if (this.#came?.has(id) === false) this.servers.delete(id)
        this.version = event.version
        break
      case 'total':
      case 'failed':
        break
    }
  }
}
