import type { Viewer } from '../../../shared/relay-protocol.ts'

/** Who is on a shared line. */
export interface Viewers {
  /** Our own id among them. */
  you: string
  all: Viewer[]
}

/** What changed on a shared line that everybody on it should hear of; viewers by their number. */
export type News =
  | { kind: 'joined' | 'left'; viewer: number }
  /** The keyboard is ours. */
  | { kind: 'yours' }
  /** It was ours, and another took it. */
  | { kind: 'taken'; viewer: number }
  | { kind: 'theirs'; viewer: number }
  /** Whoever had it let it go. */
  | { kind: 'free' }
  | { kind: 'recorded' | 'not-recorded' }

/** Whoever has the keyboard; nobody, while the one who had it is away or let it go. */
export const writerOf = (viewers: Viewers | null) => viewers?.all.find(({ role }) => role === 'writer')

/** Whether what is typed here goes to the line: on a shared one, only the writer's does. */
export const hasKeyboard = (viewers: Viewers | null) =>
  viewers === null || writerOf(viewers)?.id === viewers.you

/**
 * What to tell of the step from one list of viewers to the next; null where nothing is worth a word.
 * @param handedTo the viewer to whom we gave the keyboard ourselves
 */
export function viewerNews(before: Viewers, after: Viewers, handedTo: string | null): News | null {
  const had = writerOf(before)
  const has = writerOf(after)
  const stays = (id: string) => after.all.some((viewer) => viewer.id === id)
  if (has && has.id !== had?.id) {
    if (has.id === after.you) return { kind: 'yours' }
    // Back from a reload with the keyboard that was kept for it.
    if (!had && !before.all.some(({ id }) => id === has.id)) return { kind: 'joined', viewer: has.number }
    const lost = had?.id === before.you && has.id !== handedTo
    return { kind: lost ? 'taken' : 'theirs', viewer: has.number }
  }
  if (had && !has && stays(had.id)) return { kind: 'free' }
  const joined = after.all.find(({ id }) => !before.all.some((viewer) => viewer.id === id))
  if (joined) return { kind: 'joined', viewer: joined.number }
  const left = before.all.find(({ id }) => !stays(id))
  return left ? { kind: 'left', viewer: left.number } : null
}
