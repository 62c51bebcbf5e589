import type { Server } from '../../shared/server.ts'

/** The kinds of places that a list of servers can be narrowed to. */
export type PlaceKind = 'region' | 'project' | 'enterprise'

export interface Place {
  id: string
  name: string
}

/** Huawei Cloud's default enterprise project has only this number for a name. */
const DEFAULT_ENTERPRISE_PROJECT = '0'

export const placeOf: Record<PlaceKind, (server: Server) => Place | null> = {
  region: ({ region }) => (region === null ? null : { id: region, name: region }),
  project: ({ project }) => project && { id: project.id, name: project.name ?? project.id },
  enterprise: ({ enterpriseProject: id }) =>
    id === null ? null : { id, name: id === DEFAULT_ENTERPRISE_PROJECT ? 'default' : id },
}

/** The places that the servers are in, by kind and name. A single place tells nothing, so it is left out. */
export function placesOf(servers: readonly Server[]): Record<PlaceKind, Place[]> {
  const collator = new Intl.Collator(undefined, { numeric: true })
  const of = (kind: PlaceKind) => {
    const places = new Map<string, Place>()
    for (const server of servers) {
      const place = placeOf[kind](server)
      if (place) places.set(place.id, place)
    }
    if (places.size < 2) return []
    return distinct([...places.values()].sort((a, b) => collator.compare(a.name, b.name)))
  }
  return { region: of('region'), project: of('project'), enterprise: of('enterprise') }
}

/** Adds the ids to projects of the same name. */
function distinct(places: Place[]): Place[] {
  const names = places.map(({ name }) => name)
  return places.map(({ id, name }) => ({
    id,
    name: names.indexOf(name) === names.lastIndexOf(name) ? name : `${name} (${id.slice(0, 8)})`,
  }))
}

/** Names the server's region and project, as far as the servers differ in them. */
export function whereIs(server: Server, known: Record<PlaceKind, Place[]>): string {
  const name = (kind: PlaceKind) => known[kind].find(({ id }) => id === placeOf[kind](server)?.id)?.name ?? ''
  const [region, project] = [name('region'), name('project')]
  // Huawei Cloud calls projects `region` or `region_name`, so the region need not be said twice.
  return [project.startsWith(region) ? '' : region, project].filter(Boolean).join(' · ') || region
}
