import { type ReactNode, useEffect } from 'react'
import { Cell, Grid, Gridline, useGridRef } from 'react-resizable-panels'
import styles from './grid.module.css'
import { equalShares, keepSizes, recallSizes } from './grid-sizes.ts'
import { gridOf } from './panes.ts'

interface PaneGridProps {
  servers: readonly string[]
  /** The panes lie in one place, and one is seen. */
  stacked: boolean
  children: (serverId: string) => ReactNode
}

/** A column or a row never gets narrower than this: its pane's header can still be used. */
const LEAST = '12%'

/**
 * Where the panes are. Each stays the same element in each layout, so that its console stays open. The edges between
 * them are moved by a pointer, or by the arrow keys.
 */
export function PaneGrid({ servers, stacked, children }: PaneGridProps) {
  const { columns, rows, cells, columnEdges, rowEdges } = gridOf(stacked ? 1 : servers.length)
  const grid = useGridRef()
  useEffect(() => {
    const sizes = recallSizes(columns, rows)
    grid.current?.setLayout(sizes ?? { columns: equalShares(columns), rows: equalShares(rows) })
  }, [grid, columns, rows])
  const tracks = (count: number) => Array.from({ length: count }, () => ({ minSize: LEAST }))
  return (
    <Grid
      className={styles.grid}
      columns={tracks(columns)}
      rows={tracks(rows)}
      gridRef={grid}
      onLayoutChanged={(sizes, { isUserInteraction }) => {
        if (isUserInteraction) keepSizes(columns, rows, sizes)
      }}
    >
      {servers.map((id, index) => (
        <Cell key={id} id={`pane-${id}`} className={styles.cell} {...(cells[index] ?? { column: 0, row: 0 })}>
          {children(id)}
        </Cell>
      ))}
      {columnEdges.map((edge) => (
        <Gridline key={`column ${edge.column}`} type="column" className={styles.columnEdge} {...edge} />
      ))}
      {rowEdges.map((row) => (
        <Gridline key={`row ${row}`} type="row" className={styles.rowEdge} row={row} />
      ))}
    </Grid>
  )
}
