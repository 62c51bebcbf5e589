import { Download } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { paths } from '../../shared/api.ts'
import { AuditAction, type AuditFilter, AuditOutcome } from '../../shared/audit.ts'
import list from '../ui/list.module.css'
import { SearchField } from '../ui/search-field.tsx'
import styles from './audit.module.css'
import { localInput, momentOf } from './local-time.ts'
import { isNarrowed } from './queries.ts'

export interface AuditFiltersProps {
  filter: AuditFilter
  onNarrow: (change: AuditFilter) => void
  onClear: () => void
}

export function AuditFilters({ filter, onNarrow, onClear }: AuditFiltersProps) {
  const t = useTranslations('audit')
  return (
    <search className={styles.filters}>
      <SearchField
        label={t('user')}
        query={filter.user ?? ''}
        onQuery={(user) => onNarrow({ user: user || undefined })}
      />
      <SearchField
        label={t('server')}
        query={filter.server ?? ''}
        onQuery={(server) => onNarrow({ server: server || undefined })}
      />
      <Choice
        label={t('action')}
        options={AuditAction.options}
        value={filter.action}
        words={(action) => t(`actions.${action}`)}
        onChoose={(action) => onNarrow({ action })}
      />
      <Choice
        label={t('outcome')}
        options={AuditOutcome.options}
        value={filter.outcome}
        words={(outcome) => t(`outcomes.${outcome}`)}
        onChoose={(outcome) => onNarrow({ outcome })}
      />
      <TimeField label={t('from')} moment={filter.from} onMoment={(from) => onNarrow({ from })} />
      <TimeField label={t('to')} moment={filter.to} onMoment={(to) => onNarrow({ to })} />
      <span className={styles.tools}>
        <a className="button" href={paths.auditCsv(filter)} download>
          <Download size={15} aria-hidden /> {t('csv')}
        </a>
        {isNarrowed(filter) && (
          <button type="button" className="button" onClick={onClear}>
            {t('clear')}
          </button>
        )}
      </span>
    </search>
  )
}

interface ChoiceProps<T extends string> {
  label: string
  options: readonly T[]
  /** undefined: all of them */
  value: T | undefined
  words: (option: T) => string
  onChoose: (option: T | undefined) => void
}

function Choice<T extends string>({ label, options, value, words, onChoose }: ChoiceProps<T>) {
  const t = useTranslations('audit')
  return (
    <label className={list.choice}>
      <span>{label}</span>
      <select
        value={value ?? ''}
        onChange={(event) => onChoose(options.find((option) => option === event.target.value))}
      >
        <option value="">{t('all')}</option>
        {options.map((option) => (
          <option key={option} value={option}>
            {words(option)}
          </option>
        ))}
      </select>
    </label>
  )
}

interface TimeFieldProps {
  label: string
  moment: string | undefined
  onMoment: (moment: string | undefined) => void
}

function TimeField({ label, moment, onMoment }: TimeFieldProps) {
  const [typed, setTyped] = useState(localInput(moment))
  // Changed from outside: by the browser's back, or by the button that clears it.
  const [known, setKnown] = useState(moment)
  if (known !== moment) {
    setKnown(moment)
    setTyped(localInput(moment))
  }
  return (
    <label className={list.choice}>
      <span>{label}</span>
      <input
        type="datetime-local"
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value)
          const next = momentOf(event.target.value)
          if (next !== null) onMoment(next)
        }}
      />
    </label>
  )
}
