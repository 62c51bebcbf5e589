import type { Server } from '../../../shared/server.ts'

/** What a list can be narrowed by. These are also names of parameters in the address. */
export const facets = [
  'status',
  'power',
  'system',
  'zone',
  'flavor',
  'tag',
  'project',
  'region',
  'enterprise',
] as const
export type Facet = (typeof facets)[number]

/** The chosen values of each facet. A facet without any narrows nothing. */
export type Choice = Readonly<Partial<Record<Facet, readonly string[]>>>

/** The values of a server by facet. A tag `key=value` counts for its key alone, too. */
export const valuesOf: Record<Facet, (server: Server) => readonly string[]> = {
  status: (server) => [server.cloudStatus ?? server.status],
  power: (server) => [server.power],
  system: (server) => [server.os.image ?? server.os.family],
  zone: (server) => known(server.zone),
  flavor: (server) => known(server.flavor.name),
  tag: ({ tags }) =>
    tags.length === 0 ? tags : [...new Set([...tags.map(tagKey), ...tags])].filter(Boolean),
  project: (server) => known(server.project?.id),
  region: (server) => known(server.region),
  enterprise: (server) => known(server.enterpriseProject),
}

const known = (value: string | null | undefined) => (value ? [value] : [])

function tagKey(tag: string): string {
  const end = tag.indexOf('=')
  return end === -1 ? tag : tag.slice(0, end)
}

/**
 * A server matches one of the values of each group. Each facet is one, and so is each key of a tag: `env` and `role`
 * narrow each other, `env=prod` and `env=test` do not.
 */
export const groupOf = (facet: Facet, value: string) => (facet === 'tag' ? `tag ${tagKey(value)}` : facet)

/** The choice with this value in it, or without it. */
export function toggled(choice: Choice, facet: Facet, value: string): Choice {
  const before = choice[facet] ?? []
  const after = before.includes(value) ? before.filter((other) => other !== value) : [...before, value]
  const { [facet]: _, ...others } = choice
  return after.length === 0 ? others : { ...others, [facet]: after }
}
