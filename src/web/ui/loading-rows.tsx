import styles from './loading-rows.module.css'

/** Holds the place of a page's table until it comes. `label` is for those who do not see it. */
export const LoadingRows = ({ label }: { label: string }) => (
  <div className={styles.rows} role="status">
    <span className="unseen">{label}</span>
    {Array.from({ length: 9 }, (_, row) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no other key
      <div key={row} className={styles.row}>
        <span className="skeleton" />
        <span className="skeleton" />
        <span className="skeleton" />
        <span className="skeleton" />
      </div>
    ))}
  </div>
)
