/**
 * Gives each drawn row the element it had, and to a row that comes the element of one that goes. An element that is
 * filled anew costs half of one that is made: a sort fills all of them.
 */
export class RowKeys {
  #keys: ReadonlyMap<string, number> = new Map()
  #next = 0

  /**
   * Drawing the same rows again changes nothing.
   * @param ids of the drawn rows, in their order
   * @returns the keys of their elements, in the same order
   */
  assign(ids: readonly string[]): readonly number[] {
    const drawn = new Set(ids)
    const free: number[] = []
    for (const [id, key] of this.#keys) if (!drawn.has(id)) free.push(key)
    // The first that goes is for the first that comes, so most elements stay in their order.
    let taken = 0
    const keys = ids.map((id) => this.#keys.get(id) ?? free[taken++] ?? this.#next++)
    this.#keys = new Map(ids.map((id, at) => [id, keys[at] ?? 0]))
    return keys
  }
}
