import { expect, it, onTestFinished, vi } from 'vitest'

it('takes the system’s theme from the change itself, which a reader of `matches` may swallow', async () => {
  const query = Object.assign(new EventTarget(), { matches: false })
  const spy = vi.spyOn(window, 'matchMedia').mockReturnValue(query as unknown as MediaQueryList)
  onTestFinished(() => spy.mockRestore())
  vi.resetModules()
  await import('./settings.ts')
  const { dataset } = document.documentElement
  expect(dataset.theme).toBe('light')
  query.dispatchEvent(Object.assign(new Event('change'), { matches: true }))
  expect(dataset.theme).toBe('dark')
})
