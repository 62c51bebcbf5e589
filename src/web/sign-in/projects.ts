import type { Project } from '../../shared/sign-in.ts'

export interface Region {
  /** Null where the cloud does not tell. */
  region: string | null
  projects: Project[]
}

/** The projects that have every word of the query in their name or region, grouped by region and sorted. */
export function byRegion(projects: readonly Project[], query: string): Region[] {
  const collator = new Intl.Collator(undefined, { numeric: true })
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const groups = new Map<string | null, Project[]>()
  for (const project of projects) {
    const text = `${project.name}\n${project.region ?? ''}`.toLowerCase()
    if (!words.every((word) => text.includes(word))) continue
    const group = groups.get(project.region)
    if (group) group.push(project)
    else groups.set(project.region, [project])
  }
  return [...groups]
    .map(([region, inside]) => ({
      region,
      projects: inside.sort((a, b) => collator.compare(a.name, b.name)),
    }))
    .sort((a, b) => collator.compare(a.region ?? '', b.region ?? ''))
}
