import type { Server } from '../../shared/server.ts'
import { wildcard } from '../wildcard.ts'

/** Names servers by a tag or a name. Both may hold `*` for any characters, and `?` for one. */
interface Selector {
  by: 'tag' | 'name'
  pattern: string
}

/** The servers whose lines are watched without a person's choice. */
export type Selection =
  | { kind: 'chosen' }
  | { kind: 'all' }
  | { kind: 'some'; selectors: readonly Selector[] }

/** @param items e.g. `tag:prod`, `name:db-*`, `web-1`. @returns null: they say nothing that can be understood */
export function parseSelection(items: readonly string[]): Selection | null {
  const [only] = items
  if (items.length === 1 && (only === 'all' || only === 'chosen')) return { kind: only }
  const selectors = items.map(parseSelector)
  if (selectors.length === 0 || selectors.some(({ pattern }) => pattern === '')) return null
  // They stand for the whole list.
  if (items.includes('all') || items.includes('chosen')) return null
  return { kind: 'some', selectors }
}

function parseSelector(item: string): Selector {
  const [, by, pattern = ''] = /^(tag|name):(.*)$/.exec(item) ?? [null, 'name', item]
  return { by: by === 'tag' ? 'tag' : 'name', pattern: pattern.trim() }
}

export function selects(selection: Selection, server: Pick<Server, 'name' | 'tags'>): boolean {
  switch (selection.kind) {
    case 'all':
      return true
    case 'chosen':
      return false
    case 'some':
      return selection.selectors.some(({ by, pattern }) => {
        const matches = wildcard(pattern)
        return by === 'tag' ? server.tags.some((tag) => matches.test(tag)) : matches.test(server.name)
      })
  }
}
