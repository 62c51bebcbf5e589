import * as z from 'zod/mini'

const KEY = 'bms-console.tab'
const Secret = z.string().check(z.regex(/^[\w-]{16,64}$/))

/** This tab, to the relay: after a reload it is the same viewer, with its keyboard. It is told to nobody else. */
export function tabSecret(): string {
  const stored = Secret.safeParse(sessionStorage.getItem(KEY))
  if (stored.success) return stored.data
  const secret = crypto.randomUUID()
  sessionStorage.setItem(KEY, secret)
  return secret
}
