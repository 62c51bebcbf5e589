import type { SharedCloud } from '../clouds/snapshot.ts'
import { type ListOptions, ScopeList } from './scope-list.ts'

/** The lists of all scopes. One is forgotten with its cloud. */
export class ServerLists {
  readonly #lists = new WeakMap<SharedCloud, ScopeList>()

  constructor(readonly options: ListOptions) {}

  of(cloud: SharedCloud): ScopeList {
    const known = this.#lists.get(cloud)
    if (known) return known
    const list = new ScopeList(cloud, this.options)
    this.#lists.set(cloud, list)
    return list
  }
}
