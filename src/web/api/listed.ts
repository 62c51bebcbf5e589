import { replaceEqualDeep } from '@tanstack/react-query'
import type { ServerList } from '../../shared/api.ts'
import type { Server } from '../../shared/server.ts'
import type { ListEvent } from '../../shared/server-list.ts'

/** What the list tells. A failure is thrown. */
export type ListNews = Exclude<ListEvent, { type: 'failed' }>

/** The list as the page has it. A server that has not changed is the same object as before. */
export interface Listed extends ServerList {
  /** How much of the list is here. null: all of it */
  progress: { received: number; total: number | null } | null
  /** The version of `told`. null: the list is not complete, so it has none. */
  version: string | null
  /** The servers as the list told them. In `servers` the page may have put newer facts of single ones. */
  told: Server[]
}

/** Makes the next list of the last one and of what the server tells. */
export class ListUpdate {
  readonly #servers: Map<string, Server>
  /** null: to be made anew */
  #told: Server[] | null
  #missing: ServerList['missing']
  /** null: the list is incomplete. */
  version: string | null
  #total: number | null = null
  /** The servers that a whole reading has told: one that is not among them at its end is gone. */
  #came: Set<string> | null = null

  constructor({ told, missing, version }: Pick<Listed, 'told' | 'missing' | 'version'>) {
    this.#told = told
    this.#servers = new Map(told.map((server) => [server.id, server]))
    this.#missing = missing
    this.version = version
  }

  take(event: ListNews): void {
    switch (event.type) {
      case 'begin':
        this.#came = event.whole ? new Set() : null
        this.#total = event.total
        break
      case 'total':
        this.#total = event.total
        break
      case 'servers':
        for (const server of event.servers) {
          this.#came?.add(server.id)
          const known = this.#servers.get(server.id)
          const next = replaceEqualDeep(known, server)
          if (next === known) continue
          this.#servers.set(server.id, next)
          this.#told = null
        }
        break
      case 'gone':
        event.ids.forEach(this.#remove)
        break
      case 'missing':
        this.#missing = event.missing
        break
      case 'end':
        for (const id of this.#servers.keys()) if (this.#came?.has(id) === false) this.#remove(id)
        this.version = event.version
        break
    }
  }

  get listed(): Listed {
    this.#told ??= [...this.#servers.values()]
    const { length: received } = this.#told
    return {
      servers: this.#told,
      missing: this.#missing,
      progress: this.version === null ? { received, total: this.#total } : null,
      version: this.version,
      told: this.#told,
    }
  }

  readonly #remove = (id: string) => {
    if (this.#servers.delete(id)) this.#told = null
  }
}
