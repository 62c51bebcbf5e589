import styles from './table.module.css'

/** Holds the table's place until its rows come, so that nothing jumps. */
export function LoadingTable() {
  return (
    <div className={styles.table} aria-hidden>
      {Array.from({ length: 10 }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholder rows have no other key
        <div key={row} className={styles.loading}>
          <span className="skeleton" />
          <span className="skeleton" />
          <span className="skeleton" />
          <span className="skeleton" />
        </div>
      ))}
    </div>
  )
}
