import { useTranslations } from 'use-intl'
import { Dialog } from '../../ui/dialog.tsx'
import type { Choice, Facet } from '../model/facets.ts'
import type { Selected } from '../model/select.ts'
import styles from './facets.module.css'
import { useNames } from './names.ts'
import { ValueList } from './value-list.tsx'

interface FilterSheetProps {
  facets: readonly Facet[]
  selected: Selected
  choice: Choice
  onToggle: (facet: Facet, value: string) => void
  onClear: () => void
  onClose: () => void
}

/** All facets one below the other, where the page has no room for a button each. */
export default function FilterSheet({
  facets,
  selected,
  choice,
  onToggle,
  onClear,
  onClose,
}: FilterSheetProps) {
  const t = useTranslations('facets')
  const servers = useTranslations('servers')
  const names = useNames()
  const { rows, counts } = selected
  return (
    <Dialog
      open
      title={t('filter')}
      description={<span role="status">{servers('count', { count: rows.length })}</span>}
      onCancel={onClose}
      cancel={t('show', { count: rows.length })}
      actions={
        <button
          type="button"
          className="button"
          disabled={Object.keys(choice).length === 0}
          onClick={onClear}
        >
          {t('clearAll')}
        </button>
      }
    >
      <div className={styles.sheet}>
        {facets.map((facet) => (
          <details key={facet} name="facet">
            <summary>
              {names.facet(facet)}
              {choice[facet] && <b className={styles.number}>{choice[facet].length}</b>}
            </summary>
            <ValueList
              facet={facet}
              values={counts(facet)}
              chosen={choice[facet] ?? []}
              onToggle={onToggle}
            />
          </details>
        ))}
      </div>
    </Dialog>
  )
}
