import type { SortColumn } from '../model/sort.ts'

/** What a row can show besides the name, which is always first. */
export const columns = [
  'status',
  'os',
  'addresses',
  'zone',
  'flavor',
  'tags',
  'region',
  'project',
  'enterprise',
  'created',
  'id',
] as const
export type Column = (typeof columns)[number]

export const usualColumns: readonly Column[] = ['status', 'os', 'addresses', 'zone', 'flavor', 'tags']

/** A column is never narrower than this, in rem. What is left over is shared in the same proportions. */
const widths: Record<Column, number> = {
  status: 9,
  os: 11,
  addresses: 10,
  zone: 8,
  flavor: 13,
  tags: 13,
  region: 8,
  project: 9,
  enterprise: 9,
  created: 9,
  id: 19,
}
const NAME = 15
/** As wide as the box that selects the row */
const SELECT = 2.7

/** The known columns of a stored choice, in its order. */
export const columnsOf = (names: readonly string[] | null): readonly Column[] =>
  names?.flatMap((name) => columns.filter((column) => column === name)) ?? usualColumns

/** As many of the columns as have room, from the first on. A page that scrolled sideways would hide the others, too. */
export function fitting(chosen: readonly Column[], widthRem: number): readonly Column[] {
  let room = widthRem - SELECT - NAME
  const end = chosen.findIndex((column) => {
    room -= widths[column]
    return room < 0
  })
  return end < 0 ? chosen : chosen.slice(0, end)
}

/** The same widths for every row: nothing jumps as rows come and go. */
export const templateOf = (shown: readonly Column[]) =>
  [
    `${SELECT}rem`,
    ...[NAME, ...shown.map((column) => widths[column])].map((rem) => `minmax(0, ${rem}fr)`),
  ].join(' ')

/** What a click on the column's heading sorts by. An id has no order that helps anybody. */
export const sortOf = (column: Column | 'name'): SortColumn | null => (column === 'id' ? null : column)
