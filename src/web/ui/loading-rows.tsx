interface LoadingRowsProps {
  /** How the table looks that will come, and each of its rows */
  className?: string | undefined
  row?: string | undefined
  /** For those who do not see them. Left out where the page tells by itself. */
  label?: string
}

/** Holds the place of a page's table until it comes, so that nothing jumps. */
export const LoadingRows = ({ className, row, label }: LoadingRowsProps) => (
  <div className={className} role={label && 'status'} aria-hidden={!label}>
    {label && <span className="unseen">{label}</span>}
    {Array.from({ length: 10 }, (_, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no other key
      <div key={index} className={row}>
        <span className="skeleton" />
        <span className="skeleton" />
        <span className="skeleton" />
        <span className="skeleton" />
      </div>
    ))}
  </div>
)
