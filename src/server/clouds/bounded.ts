/** `Promise.all` over `items`, but never more than `limit` of them at work. */
export async function mapBounded<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const queue = items.entries()
  const results: R[] = []
  const worker = async () => {
    // The iterator is shared: each item is taken once.
    for (const [index, item] of queue) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker))
  return results
}
