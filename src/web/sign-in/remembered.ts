import * as z from 'zod/mini'

const Account = z.object({ domain: z.string(), user: z.string() })
export type Account = z.infer<typeof Account>

const KEY = 'bms-console.account'

/** Who signed in here last and asked to be remembered. Never a password. */
export const remembered = {
  read(): Account | null {
    try {
      const stored = Account.safeParse(JSON.parse(localStorage.getItem(KEY) ?? 'null'))
      return stored.success ? stored.data : null
    } catch {
      // Not JSON, or a browser that keeps its storage from this page.
      return null
    }
  },
  /** @param account null: forget */
  write(account: Account | null): void {
    try {
      if (account) localStorage.setItem(KEY, JSON.stringify(account))
      else localStorage.removeItem(KEY)
    } catch {
      // Full or refused: it has to be typed again.
    }
  },
}
