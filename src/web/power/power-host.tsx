import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { type ComponentType, useSyncExternalStore } from 'react'

/** Where the dialogs and notes of power actions go, once one is asked for. They stay when a person goes to another page. */
class Host {
  #Panel: ComponentType | null = null
  readonly #listeners = new Set<() => void>()

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  readonly get = (): ComponentType | null => this.#Panel

  show(Panel: ComponentType): void {
    this.#Panel = Panel
    for (const listener of this.#listeners) listener()
  }
}

const hosts = new WeakMap<QueryClient, Host>()

export function powerHostOf(client: QueryClient): Host {
  const known = hosts.get(client)
  if (known) return known
  const host = new Host()
  hosts.set(client, host)
  return host
}

/** The place on every page. It is empty until the first power action, whose code loads on demand. */
export function PowerHost() {
  const host = powerHostOf(useQueryClient())
  const Panel = useSyncExternalStore(host.subscribe, host.get)
  return Panel && <Panel />
}
