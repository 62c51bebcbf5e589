import type { useTranslations } from 'use-intl'
import type { SortColumn } from '../model/sort.ts'
import type { Column } from './columns.ts'

/** @param t words of `servers` */
export function columnName(
  t: ReturnType<typeof useTranslations<'servers'>>,
  column: Column | SortColumn,
): string {
  switch (column) {
    case 'region':
    case 'project':
    case 'enterprise':
      return t(`places.${column}`)
    default:
      return t(column)
  }
}
