import { afterEach, beforeEach, expect, it, vi } from 'vitest'

/** A browser's locks and channels, as far as a tab's secret needs them. */
class Browser {
  readonly held = new Map<string, object>()
  readonly waiting: { name: string; tab: object; take: () => void }[] = []
  readonly channels = new Set<Channel>()
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
  /** The tab's code runs no more. Its locks stay. */
  stops(tab: object) {
    for (const channel of this.channels) if (channel.tab === tab) channel.close()
  }
  /** The tab is gone, and with it its locks. */
  closes(tab: object) {
    this.stops(tab)
    for (const [name, owner] of [...this.held]) {
      if (owner !== tab) continue
      this.held.delete(name)
      const next = this.waiting.findIndex((each) => each.name === name)
      for (const { take } of next >= 0 ? this.waiting.splice(next, 1) : []) take()
    }
  }
}

class Channel {
  onmessage: ((event: { data: unknown }) => void) | null = null
  constructor(
    readonly browser: Browser,
    readonly tab: object,
    readonly name: string,
  ) {
    browser.channels.add(this)
  }
  postMessage(data: unknown) {
    for (const other of this.browser.channels)
      if (other !== this && other.name === this.name) queueMicrotask(() => other.onmessage?.({ data }))
  }
  close() {
    this.onmessage = null
    this.browser.channels.delete(this)
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

/** A page loads in a tab: its code starts anew. */
async function load(storage: unknown, tab: object | null = {}) {
  vi.resetModules()
  vi.stubGlobal('sessionStorage', storage)
  vi.stubGlobal('navigator', tab ? { locks: browser.locks(tab) } : {})
  vi.stubGlobal(
    'BroadcastChannel',
    class extends Channel {
      constructor(name: string) {
        super(browser, tab ?? {}, name)
      }
    },
  )
  return import('./client.ts')
}
/** @returns the secret, once its lock is held */
async function secretOf(page: { tabSecret(): Promise<string> }) {
  const before = browser.held.size
  const secret = await page.tabSecret()
  await vi.waitFor(() => expect(browser.held.size).toBeGreaterThan(before))
  return secret
}
const input = { stream: 'stream-stream-stream', known: 3, sent: 5 }

it('is the same before and after a reload, however long its old page takes to let go of it', async () => {
  const storage = new Storage()
  const old = {}
  const before = await secretOf(await load(storage, old))
  expect(before).toMatch(/^[\w-]{16,64}$/)
  browser.stops(old)
  const page = await load(storage)
  page.keepInput('server', input)
  const after = page.tabSecret()
  await vi.waitFor(() => expect(browser.waiting).toHaveLength(1))
  setTimeout(() => browser.closes(old), 400)
  expect(await after).toBe(before)
  expect(page.recallInput('other')).toBeNull()
  expect(page.recallInput('server')).toMatchObject(input)
  // Once.
  expect(page.recallInput('server')).toBeNull()
})

it('of a duplicated tab is one of its own, and what the first tab typed stays that tab’s to tell', async () => {
  const first = new Storage()
  const page = await load(first)
  const secret = await secretOf(page)
  page.keepInput('server', input)
  // As its page loads anew
  first.setItem('bms-console.seen', 'what the first tab saw')
  const copy = new Storage(new Map(first.items))
  const duplicate = await load(copy)
  const own = await secretOf(duplicate)
  expect(own).not.toBe(secret)
  expect(copy.getItem('bms-console.tab')).toBe(own)
  expect(duplicate.recallInput('server')).toBeNull()
  expect(copy.getItem('bms-console.seen')).toBeNull()
  // And a copy of the copy.
  const third = await load(new Storage(new Map(copy.items)))
  expect(await secretOf(third)).not.toBe(own)
})

it('is neither the name of a lock nor of a channel, which other pages can read', async () => {
  const secret = await secretOf(await load(new Storage()))
  for (const name of browser.held.keys()) expect(name).not.toContain(secret)
  expect(browser.channels.size).toBe(1)
  for (const { name } of browser.channels) expect(name).not.toContain(secret)
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
