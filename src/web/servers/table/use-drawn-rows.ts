import { useDeferredValue, useState } from 'react'
import type { Server } from '../../../shared/server.ts'
import { RowKeys } from './row-keys.ts'
import { drawnRows, type Sight } from './sight.ts'

interface DrawnRow {
  key: number
  index: number
  server: Server
}

interface DrawnRowsOptions {
  rows: readonly Server[]
  sight: Sight
  /** Behind the last row that the window shows a part of */
  seenEnd: number
  /** The row that the keys are at; less than 0: none */
  current: number
}

/**
 * The rows to draw. Those below the window keep for a moment what they had, so that a key of a search draws only what is
 * seen of its answer before it is painted.
 */
export function useDrawnRows({ rows, sight, seenEnd, current }: DrawnRowsOptions): DrawnRow[] {
  const later = useDeferredValue(rows)
  const [rowKeys] = useState(() => new RowKeys())
  const indexes = drawnRows(sight, rows.length, current)
  const isNow = (index: number) => later === rows || index < seenEnd || index === current
  const now = new Set(indexes.filter(isNow).map((index) => rows[index]?.id))
  const drawn = indexes.flatMap((index) => {
    const server = isNow(index) ? rows[index] : later[index]
    return server && (isNow(index) || !now.has(server.id)) ? [{ index, server }] : []
  })
  const keys = rowKeys.assign(drawn.map(({ server }) => server.id))
  return drawn.map((row, nth) => ({ ...row, key: keys[nth] ?? 0 }))
}
