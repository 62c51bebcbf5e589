import * as z from 'zod/mini'
import { SEEN_KEY } from '../../api/seen-key.ts'
import type { InputMemory } from '../session/input-ledger.ts'

const SECRET = 'bms-console.tab'
const INPUT = 'bms-console.input'
/** What a tab asks for the tab that holds its lock, and the answer. */
const ASKED = 'asked'
const HELD = 'held'
const Secret = z.string().check(z.regex(/^[\w-]{16,64}$/))
const StoredInput = z.object({ server: z.string(), stream: Secret, known: z.number(), sent: z.number() })

/** How long a tab that holds the lock may take to say so. A reload's old page, which says nothing, may take as long. */
const LOCK_LIMIT_MS = 5000

let secret: Promise<string> | null = null

/**
 * Identifies this tab to the relay, so that it is the same viewer after a reload and keeps its keyboard. A browser
 * copies the secret when a person duplicates the tab. Two tabs with one secret would throw each other out for ever, so
 * the copy, which hears that the lock is held, makes a secret of its own.
 */
export function tabSecret(): Promise<string> {
  secret ??= ownSecret()
  return secret
}

async function ownSecret(): Promise<string> {
  const stored = Secret.safeParse(read(SECRET))
  if (stored.success && (await taken(stored.data))) return stored.data
  const fresh = newSecret()
  // What the tab before typed is that tab's to tell.
  write(INPUT, null)
  write(SEEN_KEY, null)
  write(SECRET, fresh)
  // Nobody else knows it, so nothing is waited for.
  void taken(fresh)
  return fresh
}

/**
 * Takes the lock of a secret, for as long as the page lives. @returns false where another tab holds it
 *
 * A page that is loaded anew may come before its old page has gone, by seconds on a busy machine. So a held lock alone
 * says nothing: the tab that holds it is asked, and answers as long as it lives.
 */
async function taken(secret: string): Promise<boolean> {
  // Only secure pages have locks.
  const { locks }: { locks?: LockManager | null } = navigator
  if (!locks) return true
  // Other pages of this origin can read the names of locks, so a secret must not be one.
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret))
  const name = `${SECRET}.${new Uint8Array(digest)}`
  const holders = new BroadcastChannel(name)
  const asking = new AbortController()
  const limit = setTimeout(() => asking.abort(), LOCK_LIMIT_MS)
  return new Promise((resolve) => {
    holders.onmessage = ({ data }) => {
      if (data === HELD) asking.abort()
    }
    holders.postMessage(ASKED)
    locks
      .request(name, { signal: asking.signal }, () => {
        clearTimeout(limit)
        holders.onmessage = ({ data }) => {
          if (data === ASKED) holders.postMessage(HELD)
        }
        resolve(true)
        // Held until the page goes.
        return new Promise(() => {})
      })
      .catch(() => {
        clearTimeout(limit)
        holders.close()
        // A browser may also refuse, as in some frames: then nothing is guarded.
        resolve(!asking.signal.aborted)
      })
  })
}

/** The numbers of what this tab typed on the server's line before a reload. They are told once. */
export function recallInput(server: string): InputMemory | null {
  try {
    const stored = StoredInput.safeParse(JSON.parse(read(INPUT) ?? ''))
    if (!stored.success || stored.data.server !== server) return null
    write(INPUT, null)
    return stored.data
  } catch {
    return null
  }
}

export function keepInput(server: string, memory: InputMemory | null): void {
  if (memory) write(INPUT, JSON.stringify({ ...memory, server }))
}

/** 16 random bytes, as their numbers. `crypto.randomUUID` exists only where the page is secure. */
export const newSecret = () => crypto.getRandomValues(new Uint8Array(16)).join('-')

// A browser may deny the page its storage, as in a frame of another site. The secret then lives as long as the page.

function read(key: string): string | null {
  try {
    return sessionStorage.getItem(key)
  } catch {
    return null
  }
}

function write(key: string, value: string | null): void {
  try {
    if (value === null) sessionStorage.removeItem(key)
    else sessionStorage.setItem(key, value)
  } catch {
    // Nothing outlives a reload then.
  }
}
