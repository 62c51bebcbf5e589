import { type Preferences, preferenceLimits } from '../../shared/preferences.ts'

/** One thing that a person did. It is made again to what another tab kept meanwhile. */
export type Change = (before: Preferences) => Preferences
type View = Preferences['views'][number]

/** The newest favourite is the first one. None makes room for it: the keeper refuses what is too much. */
export const favourite =
  (id: string, on: boolean): Change =>
  (before) => {
    const others = before.favourites.filter((each) => each !== id)
    return { ...before, favourites: on ? [id, ...others] : others }
  }

export const opened =
  (id: string): Change =>
  (before) => ({
    ...before,
    recent: [id, ...before.recent.filter((each) => each !== id)].slice(0, preferenceLimits.recent),
  })

/** Saves a view, or what has become of one. */
export const saved =
  (view: View): Change =>
  (before) => ({
    ...before,
    views: before.views.some(({ id }) => id === view.id)
      ? before.views.map((each) => (each.id === view.id ? view : each))
      : [...before.views, view],
  })

export const removed =
  (id: string): Change =>
  (before) => ({
    ...before,
    views: before.views.filter((view) => view.id !== id),
    defaultView: before.defaultView === id ? null : before.defaultView,
  })

/** The list opens with this view, or with all servers. */
export const openedWith =
  (id: string | null): Change =>
  (before) => ({ ...before, defaultView: id })
