import * as z from 'zod/mini'

const KEY = 'bms-console.tab'
const Secret = z.string().check(z.regex(/^[\w-]{16,64}$/))

/** Where the browser keeps its storage from this page, as from a frame of another site. */
let unstored: string | null = null

/** This tab, to the relay: after a reload it is the same viewer, with its keyboard. It is told to nobody else. */
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
