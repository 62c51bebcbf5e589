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

it('keeps what another tab chose meanwhile', async () => {
  localStorage.clear()
  const load = async () => {
    vi.resetModules()
    return (await import('./settings.ts')).settings
  }
  const [one, other] = [await load(), await load()]
  other.set({ terminalColours: 'amber' })
  one.set({ fontSize: 20 })
  expect((await load()).get()).toMatchObject({ terminalColours: 'amber', fontSize: 20 })
})

it('keeps its own choices where the storage is full', async () => {
  localStorage.clear()
  vi.resetModules()
  const { settings } = await import('./settings.ts')
  const full = vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new DOMException('', 'QuotaExceededError')
  })
  onTestFinished(() => full.mockRestore())
  settings.set({ fontSize: 20 })
  settings.set({ times: 'clock' })
  expect(settings.get()).toMatchObject({ fontSize: 20, times: 'clock' })
})
