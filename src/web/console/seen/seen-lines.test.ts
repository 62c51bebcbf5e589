import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { TransportHandlers } from '../transport/transport.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

class Storage {
  readonly items = new Map<string, string>()
  getItem = (key: string) => this.items.get(key) ?? null
  setItem = (key: string, value: string) => void this.items.set(key, value)
  removeItem = (key: string) => void this.items.delete(key)
}

class Navigation {
  constructor(readonly type: string) {}
}

const TAB = 'bms-console.seen'
let tab: Storage
let browser: Storage
let page: EventTarget

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000, toFake: ['Date'] })
  tab = new Storage()
  browser = new Storage()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** A page loads in the tab: its code starts anew. */
async function load(type = 'reload') {
  vi.resetModules()
  page = new EventTarget()
  vi.stubGlobal('window', page)
  vi.stubGlobal('sessionStorage', tab)
  vi.stubGlobal('localStorage', browser)
  vi.stubGlobal(
    'BroadcastChannel',
    class extends EventTarget {
      postMessage() {}
    },
  )
  vi.stubGlobal('PerformanceNavigationTiming', Navigation)
  vi.stubGlobal('performance', {
    timeOrigin: 0,
    now: () => Date.now(),
    getEntriesByType: () => [new Navigation(type)],
  })
  const [{ seenOf }, news] = await Promise.all([
    import('./seen-lines.ts'),
    import('../../api/sign-in-news.ts'),
  ])
  const shown = (server: string) => {
    const told: string[] = []
    const handlers: Pick<TransportHandlers, 'onBytes' | 'onRelay'> = {
      onBytes: (piece, muted, heardAt) =>
        told.push(`${muted ? 'muted' : 'answered'} ${heardAt} ${new TextDecoder().decode(piece)}`),
      onRelay: (event) => told.push(event.type === 'seam' ? `${event.why} ${event.awayMs}` : event.type),
    }
    seenOf(server).showAgain(handlers)
    return told
  }
  return { seenOf, shown, ...news }
}

/** The tab's page has heard this of a server, and goes. */
async function leaves(text = 'login: ', server = 'server-1') {
  const { seenOf } = await load('navigate')
  seenOf(server).heard(bytes(text))
  page.dispatchEvent(new Event('pagehide'))
}

it('shows again after a reload what the tab saw, muted, with its times and a seam', async () => {
  await leaves('login: \x1b[6n')
  vi.setSystemTime(1_002_000)
  const { shown, seenOf } = await load()
  const first = ['muted 1000000 login: \x1b[6n', 'page-away null']
  // It lies in the storage no longer than the reload takes, so that nothing else reads or copies it.
  expect(shown('server-1')).toEqual(first)
  expect(tab.items.size).toBe(0)
  expect(shown('server-2')).toEqual([])
  seenOf('server-1').heard(bytes('root'))
  page.dispatchEvent(new Event('pagehide'))
  expect((await load()).shown('server-1')).toEqual([...first, 'muted 1002000 root', 'page-away null'])
})

it('shows it, too, to a console that is opened again on the same page, with the breaks of the line', async () => {
  const { seenOf, shown } = await load()
  const line = seenOf('server-1')
  line.heard(bytes('a'))
  line.lost()
  vi.setSystemTime(1_007_000)
  line.heard(bytes('b'))
  line.lost()
  vi.setSystemTime(1_020_000)
  expect(shown('server-1')).toEqual([
    'muted 1000000 a',
    'line-lost 7000',
    'muted 1007000 b',
    'page-away null',
  ])
})

it.each([
  ['the tab was closed and opened again, or copied', 'back_forward', 0],
  ['it took longer than a reload', 'reload', 5 * 60_000],
  ['the clock was set back', 'reload', -10],
])('shows nothing if %s', async (_, type, later) => {
  await leaves()
  vi.setSystemTime(1_000_000 + later)
  expect((await load(type)).shown('server-1')).toEqual([])
  expect(tab.items.size).toBe(0)
})

it('is gone with a sign-out here, and with one in another tab while the page loaded', async () => {
  await leaves()
  const { tellSignInChanged } = await load()
  tellSignInChanged()
  expect((await load()).shown('server-1')).toEqual([])

  await leaves()
  browser.setItem('bms-console.sign-in-changed', String(Date.now() + 1))
  vi.setSystemTime(1_000_010)
  expect((await load()).shown('server-1')).toEqual([])
})

it('is gone from a page that stays, too', async () => {
  const { seenOf, shown, forgetSeen } = await load()
  seenOf('server-1').heard(bytes('secret'))
  forgetSeen()
  expect(shown('server-1')).toEqual([])
  page.dispatchEvent(new Event('pagehide'))
  expect(tab.getItem(TAB)).not.toContain('text')
})

it('keeps nine lines, and writes a mebibyte of the latest', async () => {
  const { seenOf } = await load()
  for (let line = 0; line < 12; line++) seenOf(`server-${line}`).heard(new Uint8Array(250 * 1024).fill(0x61))
  page.dispatchEvent(new Event('pagehide'))
  expect(tab.getItem(TAB)?.length).toBeLessThan(1.5 * 1024 * 1024)
  const { shown } = await load()
  const kept = [3, 4, 5, 6, 7, 8, 9, 10, 11].filter((line) => shown(`server-${line}`).length > 0)
  expect(kept).toEqual([8, 9, 10, 11])
})

it.each(['', '{', '{"leftAt":1}', '{"leftAt":1000000,"lines":{"server-1":[{"at":1,"text":"%%"}]}}'])(
  'starts without what it cannot read: %s',
  async (text) => {
    tab.setItem(TAB, text)
    expect((await load()).shown('server-1')).toEqual([])
  },
)

it('needs no storage', async () => {
  const denied = () => {
    throw new DOMException('', 'SecurityError')
  }
  Object.assign(tab, { getItem: denied, setItem: denied, removeItem: denied })
  Object.assign(browser, { getItem: denied, setItem: denied })
  const { seenOf, shown, tellSignInChanged } = await load()
  seenOf('server-1').heard(bytes('a'))
  page.dispatchEvent(new Event('pagehide'))
  page.dispatchEvent(new Event('pageshow'))
  expect(shown('server-1')).toHaveLength(2)
  tellSignInChanged()
  expect(shown('server-1')).toEqual([])
})
