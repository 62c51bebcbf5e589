/** More than these are a list to read, and no longer at hand. */
const MOST = 3

/** What this page's palette did, the latest first. It ends with the page: nobody else's habits come first. */
let keys: readonly string[] = []

export const doneLately = {
  get: () => keys,
  add(key: string): void {
    keys = [key, ...keys.filter((each) => each !== key)].slice(0, MOST)
  },
  forget(): void {
    keys = []
  },
}
