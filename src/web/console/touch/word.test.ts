import { expect, it } from 'vitest'
import { wordAt } from './word.ts'

/** Rows of ten cells. A row that begins with `>` goes on with the line above. */
function cells(...rows: string[]) {
  const wrapped = rows.map((row) => row.startsWith('>'))
  const text = rows.map((row) => row.replace('>', '').padEnd(10)).join('')
  const range = (cell: number) => {
    const { start, end } = wordAt(cell, {
      cols: 10,
      charAt: (at) => text[at] ?? ' ',
      isWrapped: (row) => wrapped[row] ?? false,
    })
    return text.slice(start, end)
  }
  return range
}

it('is all of a path or an address', () => {
  expect(cells('a /dev/sd b')(4)).toBe('/dev/sd')
  expect(cells('10.0.0.1:8')(0)).toBe('10.0.0.1:8')
})

it('is one cell where there is no word', () => {
  expect(cells('a   b')(2)).toBe(' ')
  expect(cells('(a)')(0)).toBe('(')
})

it('goes over rows of one line, and ends with the line', () => {
  const range = cells('see /var/l', '>og/syslog ', 'next')
  expect(range(5)).toBe('/var/log/syslog')
  expect(range(12)).toBe('/var/log/syslog')
  expect(cells('0123456789', '0123')(3)).toBe('0123456789')
})

it('ends somewhere, also where a machine prints one letter for ever', () => {
  const { start, end } = wordAt(50_000, { cols: 10, charAt: () => 'x', isWrapped: () => true })
  expect(end - start).toBeLessThan(5_000)
})
