import type { LucideIcon } from 'lucide-react'

/** One thing that the palette can do. */
export interface Command {
  key: string
  label: string
  Icon: LucideIcon
  /** Stands behind the label, and is found, too. */
  note?: string
  /** Other words that find it, e.g. its name in English */
  also?: string
  /** It ends something. */
  danger?: boolean
  /** Why it cannot be done now */
  why?: string
  act: () => void
}

/**
 * What was done lately comes first, the latest before the others.
 * @param recent keys, the latest first
 */
export function recentFirst<T>(all: readonly T[], recent: readonly string[], keyOf: (one: T) => string): T[] {
  const places = new Map(recent.map((key, place) => [key, place]))
  const known = all.filter((one) => places.has(keyOf(one)))
  known.sort((a, b) => (places.get(keyOf(a)) ?? 0) - (places.get(keyOf(b)) ?? 0))
  return [...known, ...all.filter((one) => !places.has(keyOf(one)))]
}

/** The commands that have every word of the query in their words; those whose label begins with the query come first. */
export function matching(commands: readonly Command[], query: string): readonly Command[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const first = words.join(' ')
  return commands
    .filter(({ label, note = '', also = '' }) => {
      const text = `${label} ${note} ${also}`.toLowerCase()
      return words.every((word) => text.includes(word))
    })
    .map((command, index) => ({ command, index, begins: command.label.toLowerCase().startsWith(first) }))
    .sort((a, b) => Number(b.begins) - Number(a.begins) || a.index - b.index)
    .map(({ command }) => command)
}
