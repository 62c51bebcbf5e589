import { act, renderHook } from '@testing-library/react'
import { beforeEach, describe, expect, it, vi } from 'vitest'

const KEY = 'bms-console.servers'

/** The module as a page finds it when it loads. */
async function load() {
  vi.resetModules()
  return import('./server-settings.ts')
}

const stored = (): [string, unknown][] => JSON.parse(localStorage.getItem(KEY) ?? '[]')

beforeEach(() => localStorage.clear())

describe('settings of a server', () => {
  it('are the defaults until somebody chooses', async () => {
    const { serverSettings } = await load()
    expect(serverSettings.get('a').keyboard).toEqual({
      backspace: 'del',
      enter: 'cr',
      functionKeys: 'xterm',
      sevenBit: false,
      localEcho: false,
      guarded: [],
    })
    expect(stored()).toEqual([])
  })

  it('outlive the page, each server for itself', async () => {
    const { serverSettings } = await load()
    const keyboard = { ...serverSettings.get('a').keyboard, backspace: 'bs' as const }
    serverSettings.set('a', { keyboard })
    const again = await load()
    expect(again.serverSettings.get('a').keyboard.backspace).toBe('bs')
    expect(again.serverSettings.get('b').keyboard.backspace).toBe('del')
  })

  it('take the default for each part that is unreadable, and keep the rest', async () => {
    localStorage.setItem(KEY, JSON.stringify([['a', { keyboard: { enter: 'crlf', backspace: 7 } }]]))
    const { serverSettings } = await load()
    expect(serverSettings.get('a').keyboard).toMatchObject({ enter: 'crlf', backspace: 'del' })
  })

  it.each(['{', '{}', '[1]', 'null'])('start anew where %s is stored', async (text) => {
    localStorage.setItem(KEY, text)
    const { serverSettings } = await load()
    expect(serverSettings.get('a').keyboard.enter).toBe('cr')
  })

  it('are kept for 500 servers, and the one that was used longest ago goes first', async () => {
    const { serverSettings } = await load()
    const { keyboard } = serverSettings.get('')
    for (let each = 0; each < 500; each++) serverSettings.set(`s${each}`, { keyboard })
    serverSettings.use('s0')
    serverSettings.set('new', { keyboard })
    const ids = stored().map(([id]) => id)
    expect(ids).toHaveLength(500)
    expect(ids).toContain('s0')
    expect(ids).not.toContain('s1')
  })

  it('outlive an entry that is not ours', async () => {
    const { serverSettings } = await load()
    serverSettings.set('a', { encoding: 'gbk' })
    const [kept] = JSON.parse(localStorage.getItem(KEY) ?? '')
    localStorage.setItem(KEY, JSON.stringify([['b'], kept, 7, null, [8, {}]]))
    expect((await load()).serverSettings.get('a').encoding).toBe('gbk')
  })

  it('do not overwrite what another tab chose for another server', async () => {
    const one = await load()
    const other = await load()
    const { keyboard } = one.serverSettings.get('')
    other.serverSettings.set('b', { keyboard: { ...keyboard, localEcho: true } })
    one.serverSettings.set('a', { keyboard })
    expect(stored().map(([id]) => id)).toEqual(['b', 'a'])
  })

  it('reach the components of this tab and of others', async () => {
    const { serverSettings, useServerSettings } = await load()
    const { result } = renderHook(() => useServerSettings('a').keyboard.localEcho)
    const choose = (localEcho: boolean) => ({ keyboard: { ...serverSettings.get('a').keyboard, localEcho } })
    act(() => serverSettings.set('a', choose(true)))
    expect(result.current).toBe(true)
    localStorage.setItem(KEY, JSON.stringify([['a', choose(false)]]))
    act(() => void window.dispatchEvent(new StorageEvent('storage', { key: KEY })))
    expect(result.current).toBe(false)
  })

  it('hold without a storage until the page is closed', async () => {
    const { serverSettings } = await load()
    const denied = vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('', 'QuotaExceededError')
    })
    serverSettings.set('a', { keyboard: { ...serverSettings.get('a').keyboard, enter: 'lf' } })
    denied.mockRestore()
    expect(serverSettings.get('a').keyboard.enter).toBe('lf')
  })
})
