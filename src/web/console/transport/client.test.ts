import { afterEach, beforeEach, expect, it, vi } from 'vitest'

/** A browser's storage and locks, as far as a tab's secret needs them. */
class Browser {
  readonly held = new Map<string, object>()
  readonly waiting: { name: string; tab: object; take: () => void }[] = []
  locks = (tab: object) => ({
    request: (name: string, { signal }: { signal: AbortSignal }, hold: () => Promise<never>) =>
      new Promise((_, refuse) => {
        const take = () => {
          this.held.set(name, tab)
          void hold()
        }
        if (!this.held.has(name)) return take()
        this.waiting.push({ name, tab, take })
        signal.addEventListener('abort', () => refuse(signal.reason))
      }),
  })
  /** The tab is gone, and with it its locks. */
  closes(tab: object) {
    for (const [name, owner] of [...this.held]) {
      if (owner !== tab) continue
      this.held.delete(name)
      const next = this.waiting.findIndex((each) => each.name === name)
      for (const { take } of next >= 0 ? this.waiting.splice(next, 1) : []) take()
    }
  }
}

class Storage {
  constructor(readonly items = new Map<string, string>()) {}
  getItem = (key: string) => this.items.get(key) ?? null
  setItem = (key: string, value: string) => void this.items.set(key, value)
  removeItem = (key: string) => void this.items.delete(key)
}

let browser: Browser
beforeEach(() => {
  browser = new Browser()
})
afterEach(() => vi.unstubAllGlobals())

/** A page loads: its code starts anew. */
async function load(storage: unknown, locks: unknown = browser.locks(storage as object)) {
  vi.resetModules()
  vi.stubGlobal('sessionStorage', storage)
  vi.stubGlobal('navigator', locks ? { locks } : {})
  return import('./client.ts')
}
const input = { stream: 'stream-stream-stream', known: 3, sent: 5 }

it('is the same before and after a reload, whose old page lets go of it a moment later', async () => {
  const storage = new Storage()
  const before = await (await load(storage, browser.locks({}))).tabSecret()
  expect(before).toMatch(/^[\w-]{16,64}$/)
  const [tab] = browser.held.values()
  const page = await load(storage)
  page.keepInput('server', input)
  const after = page.tabSecret()
  setTimeout(() => browser.closes(tab ?? {}), 50)
  expect(await after).toBe(before)
  expect(page.recallInput('other')).toBeNull()
  expect(page.recallInput('server')).toMatchObject(input)
  // Once.
  expect(page.recallInput('server')).toBeNull()
})

it('of a duplicated tab is one of its own, and what the first tab typed stays that tab’s to tell', async () => {
  const first = new Storage()
  const page = await load(first)
  const secret = await page.tabSecret()
  page.keepInput('server', input)
  // As its page loads anew
  first.setItem('bms-console.seen', 'what the first tab saw')
  const copy = new Storage(new Map(first.items))
  const duplicate = await load(copy)
  const own = await duplicate.tabSecret()
  expect(own).not.toBe(secret)
  expect(copy.getItem('bms-console.tab')).toBe(own)
  expect(duplicate.recallInput('server')).toBeNull()
  expect(copy.getItem('bms-console.seen')).toBeNull()
  // And a copy of the copy.
  const third = await load(new Storage(new Map(copy.items)))
  expect(await third.tabSecret()).not.toBe(own)
})

it('is not a lock’s name, which other pages can read', async () => {
  const secret = await (await load(new Storage())).tabSecret()
  await vi.waitFor(() => expect(browser.held.size).toBe(1))
  for (const name of browser.held.keys()) expect(name).not.toContain(secret)
})

it('needs neither locks, as on a page without TLS, nor storage, as in a frame of another site', async () => {
  const denied = {
    getItem() {
      throw new Error('denied')
    },
    setItem() {
      throw new Error('denied')
    },
    removeItem() {
      throw new Error('denied')
    },
  }
  const page = await load(denied, null)
  expect(await page.tabSecret()).toMatch(/^[\w-]{16,64}$/)
  expect(await page.tabSecret()).toBe(await page.tabSecret())
  page.keepInput('server', input)
  expect(page.recallInput('server')).toBeNull()
})
