import { describe, expect, it } from 'vitest'
import { systemClock } from '../../shared/clock.ts'
import { KEPT_IN_MEMORY, MemoryLog } from './memory-log.ts'
import { readPage } from './read-page.ts'

const options = { take: 10, sees: () => true, timeIsUp: () => false }
const details = (page: Awaited<ReturnType<typeof readPage>>) =>
  page.events.map(({ detail }) => Number(detail))

function start({ takes = () => true }: { takes?: () => boolean } = {}) {
  const lines: string[] = []
  const write = (line: string) => {
    if (!takes()) return false
    lines.push(line)
    return true
  }
  const log = new MemoryLog({ write, clock: systemClock })
  const tell = (from: number, to: number) => {
    for (let detail = from; detail < to; detail += 1) {
      log.record('power', { outcome: 'done', user: null, from: 'a', detail: String(detail) })
    }
  }
  return { log, lines, tell }
}

describe('the audit log on stdout', () => {
  it('writes each event as one line', () => {
    const { lines, tell } = start()
    tell(0, 3)
    expect(lines.map((line) => JSON.parse(line).detail)).toEqual(['0', '1', '2'])
    expect(lines.every((line) => /^[^\n]+\n$/.test(line))).toBe(true)
  })

  it('keeps the last ones for the page, and its cursor while more come', async () => {
    const { log, tell } = start()
    tell(0, KEPT_IN_MEMORY + 20)
    const first = await readPage(log.search({}, null), options)
    expect(details(first)[0]).toBe(KEPT_IN_MEMORY + 19)
    expect(details(first)).toHaveLength(10)
    tell(KEPT_IN_MEMORY + 20, KEPT_IN_MEMORY + 50)
    const second = await readPage(log.search({}, first.older), options)
    expect(details(second)[0]).toBe(KEPT_IN_MEMORY + 9)

    const all = await readPage(log.search({}, null), { ...options, take: 100_000 })
    expect(all).toMatchObject({ older: null, complete: true })
    expect(details(all)).toHaveLength(KEPT_IN_MEMORY)
    expect(details(all).at(-1)).toBe(50)
  })

  it('has nothing behind a cursor that is no longer kept', async () => {
    const { log, tell } = start()
    tell(0, 20)
    const { older } = await readPage(log.search({}, null), options)
    tell(20, KEPT_IN_MEMORY + 20)
    expect(await readPage(log.search({}, older), options)).toMatchObject({ events: [], older: null })
  })

  it('tells at once that lines were lost, and how many, and writes that line as soon as it can', async () => {
    let full = false
    const { log, lines, tell } = start({ takes: () => !full })
    tell(0, 1)
    full = true
    tell(1, 4)
    const page = await readPage(log.search({}, null), options)
    expect(page.events.find(({ action }) => action === 'lose-events')).toMatchObject({
      outcome: 'failed',
      user: null,
      from: '',
      count: 3,
    })
    full = false
    tell(4, 5)
    expect(lines.map((line) => JSON.parse(line)).map(({ action, count }) => [action, count])).toEqual([
      ['power', 1],
      ['lose-events', 3],
      ['power', 1],
    ])
  })
})
