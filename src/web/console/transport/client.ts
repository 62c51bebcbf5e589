import * as z from 'zod/mini'

const KEY = 'bms-console.tab'
const Secret = z.string().check(z.regex(/^[\w-]{16,64}$/))

/** The secret where the browser denies the page its storage, as it may in a frame of another site. */
let unstored: string | null = null

/** Identifies this tab to the relay, so that it is the same viewer after a reload and keeps its keyboard. */
export function tabSecret(): string {
  try {
    const stored = Secret.safeParse(sessionStorage.getItem(KEY))
    if (stored.success) return stored.data
    const secret = newSecret()
    sessionStorage.setItem(KEY, secret)
    return secret
  } catch {
    unstored ??= newSecret()
    return unstored
  }
}

const newSecret = () => crypto.randomUUID()
