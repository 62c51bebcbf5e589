import { ListFilter } from 'lucide-react'
import { memo, useMemo, useState } from 'react'
import { useTranslations } from 'use-intl'
import type { Server } from '../../../shared/server.ts'
import { enFacets } from '../../locales/en-facets.ts'
import { withWords } from '../../locales/more-words.tsx'
import { useLate } from '../../ui/late.ts'
import { type Choice, type Facet, toggled } from '../model/facets.ts'
import { type Selected, usefulFacets } from '../model/select.ts'
import type { ChangeView } from '../model/view.ts'
import { Chips } from './chips.tsx'
import { FacetMenu } from './facet-menu.tsx'
import styles from './facets.module.css'

interface FacetBarProps {
  /** The whole list */
  servers: readonly Server[]
  selected: Selected
  /** What is chosen */
  choice: Choice
  onView: ChangeView
}

/** What the list can be narrowed by, and what it is narrowed by. It loads once there are servers. */
export default memo(withWords(enFacets, Bar))

function Bar({ servers, selected, choice, onView }: FacetBarProps) {
  const t = useTranslations('facets')
  const useful = useMemo(() => usefulFacets(servers, choice), [servers, choice])
  const [sheet, setSheet] = useState(false)
  const Sheet = useLate(sheet, () => import('./filter-sheet.tsx'))
  const choose = (facets: Choice) => onView({ facets })
  const toggle = (facet: Facet, value: string) => choose(toggled(choice, facet, value))
  const clear = (facet: Facet) => {
    const { [facet]: _, ...others } = choice
    choose(others)
  }
  const chosen = Object.values(choice).reduce((sum, values) => sum + values.length, 0)
  if (useful.length === 0) return null
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would be a form's */}
      <div className={styles.bar} role="group" aria-label={t('filters')}>
        {useful.map((facet) => (
          <FacetMenu
            key={facet}
            facet={facet}
            values={selected.counts}
            chosen={choice[facet] ?? none}
            onToggle={toggle}
            onClear={clear}
          />
        ))}
        <button
          type="button"
          className={`button ${styles.all}`}
          aria-haspopup="dialog"
          onClick={() => setSheet(true)}
        >
          <ListFilter size={16} aria-hidden /> {t('filter')}
          {chosen > 0 && <b className={styles.number}>{chosen}</b>}
        </button>
      </div>
      {chosen > 0 && <Chips choice={choice} onRemove={toggle} onClear={() => choose({})} />}
      {Sheet && (
        <Sheet
          facets={useful}
          selected={selected}
          choice={choice}
          onToggle={toggle}
          onClear={() => choose({})}
          onClose={() => setSheet(false)}
        />
      )}
    </>
  )
}

const none: readonly string[] = []
