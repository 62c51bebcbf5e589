import type { Lease, Store } from '../server/store/store.ts'

/** Takes a lease that nobody holds. @throws where it cannot be had */
export async function leased(
  store: Pick<Store, 'acquire'>,
  name: string,
  holder: string,
  ttlMs = 60_000,
): Promise<Lease> {
  const asked = await store.acquire(name, holder, ttlMs)
  if (asked.state !== 'acquired') throw new Error(`The lease cannot be had: ${asked.state}`)
  return asked.lease
}
