import { setImmediate } from 'node:timers/promises'

/** Servers in one turn. To parse and check so many takes a few ms; a list of 20,000 would hold up every open console. */
const AT_ONCE = 50

/** Does something with each, and lets others have their turn in between. The result has the order of the items. */
export async function inTurns<T, R>(items: readonly T[], make: (item: T) => R): Promise<R[]> {
  const made: R[] = []
  for (let at = 0; at < items.length; at += AT_ONCE) {
    if (at > 0) await setImmediate()
    for (const item of items.slice(at, at + AT_ONCE)) made.push(make(item))
  }
  return made
}
