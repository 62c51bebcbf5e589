import { StoreError } from './store.ts'

/** @returns null: the store is away, and nothing is known */
export async function ignoringStore<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof StoreError) return null
    throw error
  }
}
