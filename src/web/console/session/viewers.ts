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
  /** The person's number, if others here have the same name. */
  person: number | null
  /** The tab's number, if the person is here in several tabs. */
  tab: number | null
}

/** A change on a shared line that everybody on it should know about. */
export type News =
  | { kind: 'joined' | 'left'; viewer: ViewerName }
  /** The keyboard is ours now. */
  | { kind: 'yours' }
  /** Another viewer had the keyboard when we came. */
  | { kind: 'watching'; viewer: ViewerName }
  /** Another viewer took the keyboard from us. */
  | { kind: 'taken'; viewer: ViewerName }
  | { kind: 'theirs'; viewer: ViewerName }
  /** The writer released the keyboard. */
  | { kind: 'free' }
  | { kind: 'recorded' | 'not-recorded' }

/** The viewer who has the keyboard. Undefined after it was released, and while its writer is away. */
export const writerOf = (viewers: Viewers | null) => viewers?.all.find(({ role }) => role === 'writer')

/** Whether keys typed here go to the line. On a shared line only the writer's do. */
export const hasKeyboard = (viewers: Viewers | null) =>
  viewers === null || writerOf(viewers)?.id === viewers.you

/** The shortest name that tells the viewer from the others. */
export function nameOf({ name, number, tab }: Viewer, all: readonly Viewer[]): ViewerName {
  const namesakes = all.some((other) => other.name === name && other.number !== number)
  const tabs = all.filter((other) => other.number === number)
  return { name, person: namesakes ? number : null, tab: tabs.length > 1 ? tab : null }
}

/** The news of the first list: another viewer has the keyboard. */
export function arrivalNews(viewers: Viewers): News | null {
  const writer = writerOf(viewers)
  if (!writer || writer.id === viewers.you) return null
  return { kind: 'watching', viewer: nameOf(writer, viewers.all) }
}

/**
 * The news between one list of viewers and the next.
 * @param handedTo the viewer to whom we handed the keyboard ourselves
 * @returns null when there is nothing to tell
 */
export function viewerNews(before: Viewers, after: Viewers, handedTo: string | null): News | null {
  const had = writerOf(before)
  const has = writerOf(after)
  const stays = (id: string) => after.all.some((viewer) => viewer.id === id)
  if (has && has.id !== had?.id) {
    if (has.id === after.you) return { kind: 'yours' }
    const viewer = nameOf(has, after.all)
    // It is back from a reload with the keyboard that was kept for it, or it is the first who may have it.
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
