import { CopyButton } from './copy-button.tsx'
import { Moment } from './moment.tsx'
import styles from './server-page.module.css'

export interface Fact {
  /** In the reader's words, or the cloud's own key */
  label: string
  /** null: it is kept back */
  value: string | null
  /** `code`: it is for machines. `time`: ISO 8601 */
  kind?: 'code' | 'time'
}

interface FactListProps {
  facts: readonly Fact[]
  /** Said in place of a value that is kept back */
  keptBack?: string
  /** The labels are the cloud's keys. */
  keys?: boolean
}

/** Facts by their names. Each can be copied. */
export function FactList({ facts, keptBack = '', keys = false }: FactListProps) {
  return (
    <dl className={styles.facts} data-keys={keys}>
      {facts.map(({ label, value, kind }) => (
        <div key={label}>
          <dt title={keys ? label : undefined}>{label}</dt>
          <dd data-kind={kind}>
            {value === null ? (
              <em>{keptBack}</em>
            ) : (
              <>
                <span className={styles.value}>{kind === 'time' ? <Moment at={value} /> : value}</span>
                <CopyButton label={label} text={value} />
              </>
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}
