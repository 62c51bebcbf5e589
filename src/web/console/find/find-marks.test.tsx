import { expect, it } from 'vitest'
import { openConsole } from '../../../testing/web/open-console.ts'
import { FindMarks } from './find-marks.ts'
import type { Finder } from './finder.ts'
import type { Match } from './matches.ts'

it('draws thousands of matches with the few elements that one needs', () => {
  const { terminal } = openConsole()
  const host = document.createElement('div')
  document.body.append(host)
  terminal.open(host)
  let listener = () => {}
  const { height, cols } = terminal.view
  let found: Match[] = []
  const finder: Pick<Finder, 'subscribe' | 'between' | 'overview' | 'chosenRow'> = {
    subscribe: (told) => {
      listener = told
      return () => true
    },
    between: () => found.map((match, index) => ({ match, chosen: index === 1 })),
    overview: (parts) => new Array<boolean>(parts).fill(true),
    chosenRow: 0,
  }
  const marks = new FindMarks(terminal, finder)
  const elements = () => host.querySelectorAll('*').length
  const outlines = () => [...host.querySelectorAll('svg > path')].map((path) => path.getAttribute('d') ?? '')
  found = [{ row: 0, from: 0, toRow: 0, to: 1 }]
  listener()
  const before = elements()
  // Each character of the screen is one.
  found = Array.from({ length: height * cols }, (_, index) => {
    const row = Math.floor(index / cols)
    const from = index % cols
    return { row, from, toRow: row, to: from + 1 }
  })
  listener()
  expect(elements()).toBe(before)
  expect(outlines()).toHaveLength(4)
  const count = (outline: string | undefined) => outline?.match(/M/g)?.length
  const [boxes, chosenBox, lines, chosenEdge] = outlines()
  expect([boxes, chosenBox, lines, chosenEdge].map(count)).toEqual([
    height * cols - 1,
    1,
    height * cols - 1,
    1,
  ])
  marks.dispose()
  expect(host.querySelector('svg')).toBeNull()
  terminal.dispose()
  host.remove()
})
