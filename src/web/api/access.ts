/** How this page shows its server who it is: by the browser's cookie, or, embedded, by a bearer. */
export type Access = { by: 'cookie' } | { by: 'bearer'; bearer: string | null }

let current: Access = { by: 'cookie' }

/** The bearer is a password: it is kept here, in memory, and nowhere else. */
export const access = {
  get: () => current,
  set(next: Access): void {
    current = next
  },
}
