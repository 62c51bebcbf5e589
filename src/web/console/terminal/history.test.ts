import { expect, it } from 'vitest'
import { History, type Row } from './history.ts'

const HEIGHT = 24
const rowsOf = (texts: readonly string[]): Row[] => texts.map((text) => ({ text, wrapped: false }))

/** @returns the texts that are kept of an erased screen */
function erase(history: History, texts: readonly string[]): string[] {
  const kept = history.erase(rowsOf(texts), HEIGHT)
  return texts.filter((_text, row) => kept[row])
}

function pushOut(history: History, ...texts: string[]): string[] {
  const kept = history.pushOut(rowsOf(texts), HEIGHT)
  return texts.filter((_text, row) => kept[row])
}

const top = (second: number, extra = 'sshd') => [
  `Mem: ${40 + second}K used, 1000K free`,
  `CPU: ${second}% usr`,
  '  PID COMMAND',
  `  ${second} top`,
  '    1 init',
  `  200 ${extra}`,
]

it('keeps an erased screen, without the blank rows at its ends', () => {
  expect(erase(new History(), ['', 'a', '', 'b', '  ', ''])).toEqual(['a', '', 'b'])
})

it('keeps only what is new when a screen is painted again', () => {
  const history = new History()
  expect(erase(history, top(1))).toEqual(top(1))
  for (let second = 2; second < 100; second++) expect(erase(history, top(second))).toEqual([])
  expect(erase(history, top(100, 'a new program'))).toEqual(['  200 a new program'])
})

it('keeps the whole of a screen that is mostly new', () => {
  const history = new History()
  const panic = (address: string) => [
    'Call Trace:',
    `RIP: ${address}a`,
    `RSP: ${address}b`,
    `CR2: ${address}c`,
  ]
  expect(erase(history, panic('ffffffff81'))).toHaveLength(4)
  expect(erase(history, panic('ffffffffc0de'))).toHaveLength(4)
})

it('keeps lines of one screen that differ only in digits', () => {
  const cpus = ['CPU 1 is stuck', 'CPU 2 is stuck', 'CPU 3 is stuck']
  expect(erase(new History(), cpus)).toEqual(cpus)
})

it('knows several screens that take turns', () => {
  const history = new History()
  const pages = ['one', 'two', 'three'].map((page) =>
    Array.from({ length: HEIGHT }, (_, row) => `${page}${'.'.repeat(row)}`),
  )
  for (const page of pages) expect(erase(history, page)).toEqual(page)
  for (const page of [...pages, ...pages]) expect(erase(history, page)).toEqual([])
})

it('forgets a screen that was long ago', () => {
  const history = new History()
  erase(history, top(1))
  for (let page = 0; page < 5; page++) {
    erase(
      history,
      Array.from({ length: HEIGHT }, (_, row) => `${'x'.repeat(page + 1)}${'.'.repeat(row)}`),
    )
  }
  expect(erase(history, top(2))).toEqual(top(2))
})

it('remembers screens, however many single rows are erased in between', () => {
  const history = new History()
  erase(history, top(1))
  for (let count = 0; count < 50; count++) erase(history, [`a completion: ${'y'.repeat(count)}`])
  expect(erase(history, top(2))).toEqual([])
})

it('keeps each row that is pushed out once, and minds its digits', () => {
  const history = new History()
  expect(pushOut(history, 'Copying file 1', '', 'Copying file 2')).toEqual([
    'Copying file 1',
    '',
    'Copying file 2',
  ])
  expect(pushOut(history, 'Copying file 2')).toEqual([])
  expect(pushOut(history, 'Copying file 3')).toEqual(['Copying file 3'])
})

it('does not take a screen for a repaint because of rows that were pushed out', () => {
  const history = new History()
  pushOut(history, 'Copying file 1', 'Copying file 2')
  expect(erase(history, ['Copying file 8', 'Copying file 9'])).toEqual(['Copying file 8', 'Copying file 9'])
})

it('keeps a long line as a whole', () => {
  const history = new History()
  const line = (end: string): Row[] => [
    { text: 'a line that is too', wrapped: false },
    { text: ` long for ${end}`, wrapped: true },
  ]
  const known = { text: 'known', wrapped: false }
  history.erase([...line('one row'), known, { text: 'known, too', wrapped: false }], HEIGHT)
  expect(history.erase([known, ...line('this'), { text: 'known, too', wrapped: false }], HEIGHT)).toEqual([
    false,
    true,
    true,
    false,
  ])
})
