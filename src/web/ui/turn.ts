import { useEffect, useState, useSyncExternalStore } from 'react'

/** Those who have something to ask, in their order */
let waiting: readonly symbol[] = []
/** What had the focus before the first of them asked */
let from: Element | null = null
const listeners = new Set<() => void>()

function wait(who: symbol): () => void {
  if (waiting.length === 0) from = document.activeElement
  change([...waiting, who])
  return () => change(waiting.filter((each) => each !== who))
}

function change(to: readonly symbol[]): void {
  waiting = to
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/**
 * Questions that come at once, as from several consoles that get the same keys, are asked one after the other.
 * @param asks there is something to ask
 * @returns `isOurs`: it is this one's turn. `giveFocus`: after the answer, to what had it before all of them
 */
export function useTurn(asks: boolean) {
  const [who] = useState(() => Symbol('question'))
  const isOurs = useSyncExternalStore(subscribe, () => waiting[0] === who)
  useEffect(() => (asks ? wait(who) : undefined), [asks, who])
  const giveFocus = (otherwise: { focus(): void }) => {
    const back = from instanceof HTMLElement && from.isConnected && from !== document.body ? from : otherwise
    back.focus()
  }
  return { isOurs, giveFocus }
}
