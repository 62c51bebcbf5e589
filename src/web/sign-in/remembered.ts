import * as z from 'zod/mini'

const Account = z.object({ domain: z.string(), user: z.string() })
export type Account = z.infer<typeof Account>

const KEY = 'bms-console.account'

/** The last user who asked to be remembered here. It never holds a password. */
export const remembered = {
  read(): Account | null {
    try {
      const stored = Account.safeParse(JSON.parse(localStorage.getItem(KEY) ?? 'null'))
      return stored.success ? stored.data : null
    } catch {
      // It is not JSON, or the browser denies the page its storage.
      return null
    }
  },
  /** @param account null forgets the user */
  write(account: Account | null): void {
    try {
      if (account) localStorage.setItem(KEY, JSON.stringify(account))
      else localStorage.removeItem(KEY)
    } catch {
      // The storage is full or denied: the name has to be typed next time.
    }
  },
}
