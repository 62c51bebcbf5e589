import type { Viewer } from '../../../shared/relay-protocol.ts'

/** Who is on a shared line. */
export interface Viewers {
  /** Our own id among them. */
  you: string
  all: Viewer[]
}

/** What a viewer is called among the others. */
export interface ViewerName {
  name: string
  /** The person's number, given where others here have the same name. */
  person: number | null
  /** The tab's number, given where the person is here in several. */
  tab: number | null
}

/** What changed on a shared line that everybody on it should hear of. */
export type News =
  | { kind: 'joined' | 'left'; viewer: ViewerName }
  /** The keyboard is ours. */
  | { kind: 'yours' }
  /** It was ours, and another took it. */
  | { kind: 'taken'; viewer: ViewerName }
  | { kind: 'theirs'; viewer: ViewerName }
  /** Whoever had it let it go. */
  | { kind: 'free' }
  | { kind: 'recorded' | 'not-recorded' }

/** Whoever has the keyboard; nobody, while the one who had it is away or let it go. */
export const writerOf = (viewers: Viewers | null) => viewers?.all.find(({ role }) => role === 'writer')

/** Whether what is typed here goes to the line: on a shared one, only the writer's does. */
export const hasKeyboard = (viewers: Viewers | null) =>
  viewers === null || writerOf(viewers)?.id === viewers.you

/** No more than it takes to tell the viewer from the others. */
export function nameOf({ name, number, tab }: Viewer, all: readonly Viewer[]): ViewerName {
  const namesakes = all.some((other) => other.name === name && other.number !== number)
  const tabs = all.filter((other) => other.number === number)
  return { name, person: namesakes ? number : null, tab: tabs.length > 1 ? tab : null }
}

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
    const viewer = nameOf(has, after.all)
    // Back from a reload with the keyboard that was kept for it, or the first here who may have it.
    if (!had && !before.all.some(({ id }) => id === has.id)) return { kind: 'joined', viewer }
    const lost = had?.id === before.you && has.id !== handedTo
    return { kind: lost ? 'taken' : 'theirs', viewer }
  }
  if (had && !has && stays(had.id)) return { kind: 'free' }
  const joined = after.all.find(({ id }) => !before.all.some((viewer) => viewer.id === id))
  if (joined) return { kind: 'joined', viewer: nameOf(joined, after.all) }
  const left = before.all.find(({ id }) => !stays(id))
  return left ? { kind: 'left', viewer: nameOf(left, before.all) } : null
}
