/** How this page proves to its server who it is: by the browser's cookie or, in an embedded page, by a bearer. */
export type Access = { by: 'cookie' } | { by: 'bearer'; bearer: string | null }

let current: Access = { by: 'cookie' }

/** Keeps the bearer in memory and nowhere else: it is as good as a password. */
export const access = {
  get: () => current,
  set(next: Access): void {
    current = next
  },
}
