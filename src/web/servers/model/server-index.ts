import type { Server } from '../../../shared/server.ts'
import { type Facet, facets, groupOf, valuesOf } from './facets.ts'

/** What is known of one server: made once, and kept as long as the list has the very object. */
export interface Entry {
  /** All that a search may find, a fact a line, in lower case */
  text: string
  /** Its tags, a tag a line, each after a line feed */
  tagText: string
  /** The codes of its values */
  codes: readonly number[]
}

/**
 * Search texts and facet values of servers. Each value has a number, its code, since numbers are counted in a
 * hundredth of the time that texts take. Codes stay the same for as long as the page lives.
 */
export class ServerIndex {
  readonly #entries = new WeakMap<Server, Entry>()
  readonly #lists = new WeakMap<readonly Server[], readonly Entry[]>()
  readonly #codes = new Map(facets.map((facet) => [facet, new Map<string, number>()]))
  readonly #groups = new Map<string, number>()
  readonly #totals = new WeakMap<readonly Server[], Uint32Array>()
  /** By code */
  readonly values: Array<{ facet: Facet; value: string; name: string | null }> = []
  /** The number of each code's group */
  readonly groupOf: number[] = []

  get groups(): number {
    return this.#groups.size
  }

  entry(server: Server): Entry {
    const known = this.#entries.get(server)
    if (known) return known
    const made = this.#read(server)
    this.#entries.set(server, made)
    return made
  }

  /** What is known of the servers, in their order. */
  entries(servers: readonly Server[]): readonly Entry[] {
    const known = this.#lists.get(servers)
    if (known) return known
    const entries = servers.map((server) => this.entry(server))
    this.#lists.set(servers, entries)
    return entries
  }

  /** The code of a value, also of one that no server has. */
  code(facet: Facet, value: string): number {
    const codes = this.#codes.get(facet)
    const known = codes?.get(value)
    if (known !== undefined) return known
    const code = this.values.length
    codes?.set(value, code)
    this.values.push({ facet, value, name: null })
    this.groupOf.push(this.#group(groupOf(facet, value)))
    return code
  }

  /** How many servers of the list have each value, by code. */
  totals(servers: readonly Server[]): Uint32Array {
    const known = this.#totals.get(servers)
    if (known) return known
    // All first: each new value makes the index grow.
    const entries = this.entries(servers)
    const totals = new Uint32Array(this.values.length)
    for (const { codes } of entries) for (const code of codes) totals[code] = (totals[code] ?? 0) + 1
    this.#totals.set(servers, totals)
    return totals
  }

  #group(name: string): number {
    const known = this.#groups.get(name)
    if (known !== undefined) return known
    const group = this.#groups.size
    this.#groups.set(name, group)
    return group
  }

  #read(server: Server): Entry {
    const codes: number[] = []
    for (const facet of facets)
      for (const value of valuesOf[facet](server)) codes.push(this.code(facet, value))
    this.#nameProject(server)
    let text = `${server.name}\n${server.id}`
    let tagText = ''
    const add = (fact: string | null | undefined) => {
      if (fact) text += `\n${fact}`
    }
    add(server.zone)
    add(server.region)
    add(server.project?.id)
    add(server.project?.name)
    add(server.enterpriseProject)
    add(server.os.image)
    add(server.flavor.name)
    for (const { address, mac } of server.addresses) {
      add(address)
      add(mac)
      add(mac?.replaceAll(':', ''))
    }
    for (const tag of server.tags) {
      add(tag)
      tagText += `\n${tag}`
    }
    return { text: text.toLowerCase(), tagText: tagText.toLowerCase(), codes }
  }

  /** A project has an id for a value and a name for people. The name may change. */
  #nameProject({ project }: Server): void {
    if (!project?.name) return
    const value = this.values[this.code('project', project.id)]
    if (value) value.name = project.name
  }
}
