import { renderHook } from '@testing-library/react'
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { testServer } from '../../testing/server.ts'
import type { SortColumn } from './model/sort.ts'
import { useEarlyRanks } from './use-early-ranks.ts'

const ranked = vi.fn()

const servers = (count: number) =>
  Array.from({ length: count }, (_, at) => testServer({ id: `s-${at}`, name: `s-${at}` }))
const columns: SortColumn[] = ['name', 'zone', 'flavor']
const named = () => ranked.mock.calls.map(([, column]) => column)

beforeEach(() => {
  ranked.mockClear()
  vi.useFakeTimers()
  onTestFinished(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })
  // The page is idle whenever it is asked.
  vi.stubGlobal('requestIdleCallback', (run: () => void) => setTimeout(run, 0))
  vi.stubGlobal('cancelIdleCallback', clearTimeout)
})

it('ranks a long list by one column after the other, and not again', async () => {
  const list = servers(1_000)
  const { rerender } = renderHook(({ shown }) => useEarlyRanks(list, shown, ranked), {
    initialProps: { shown: columns },
  })
  expect(named()).toEqual([])
  await vi.advanceTimersByTimeAsync(150)
  expect(named()).toEqual(['name'])
  rerender({ shown: [...columns] })
  await vi.runAllTimersAsync()
  expect(named()).toEqual(columns)
  expect(ranked).toHaveBeenCalledWith(list, 'flavor')
})

it('leaves a short list and one that is not whole alone, and stops with its page', async () => {
  renderHook(() => useEarlyRanks(servers(999), columns, ranked))
  renderHook(() => useEarlyRanks(null, columns, ranked))
  const { unmount } = renderHook(() => useEarlyRanks(servers(1_000), columns, ranked))
  unmount()
  await vi.runAllTimersAsync()
  expect(named()).toEqual([])
})
