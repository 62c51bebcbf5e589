import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { AuditAction, type AuditFilter, AuditOutcome } from '../../shared/audit.ts'
import list from '../ui/list.module.css'
import { SearchField } from '../ui/search-field.tsx'
import styles from './audit.module.css'
import { localInput, momentOf } from './local-time.ts'

export interface AuditFiltersProps {
  filter: AuditFilter
  onNarrow: (change: AuditFilter) => void
}

export function AuditFilters({ filter, onNarrow }: AuditFiltersProps) {
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
        all={t('allActions')}
        options={AuditAction.options}
        value={filter.action}
        words={(action) => t(`actions.${action}`)}
        onChoose={(action) => onNarrow({ action })}
      />
      <Choice
        label={t('outcome')}
        all={t('allOutcomes')}
        options={AuditOutcome.options}
        value={filter.outcome}
        words={(outcome) => t(`outcomes.${outcome}`)}
        onChoose={(outcome) => onNarrow({ outcome })}
      />
      <TimeField label={t('from')} moment={filter.from} onMoment={(from) => onNarrow({ from })} />
      <TimeField label={t('to')} moment={filter.to} onMoment={(to) => onNarrow({ to })} />
    </search>
  )
}

interface ChoiceProps<T extends string> {
  label: string
  /** The words for no choice */
  all: string
  options: readonly T[]
  /** Undefined chooses all of them. */
  value: T | undefined
  words: (option: T) => string
  onChoose: (option: T | undefined) => void
}

function Choice<T extends string>({ label, all, options, value, words, onChoose }: ChoiceProps<T>) {
  return (
    <select
      className={styles.choice}
      aria-label={label}
      value={value ?? ''}
      onChange={(event) => onChoose(options.find((option) => option === event.target.value))}
    >
      <option value="">{all}</option>
      {options.map((option) => (
        <option key={option} value={option}>
          {words(option)}
        </option>
      ))}
    </select>
  )
}

interface TimeFieldProps {
  label: string
  moment: string | undefined
  onMoment: (moment: string | undefined) => void
}

function TimeField({ label, moment, onMoment }: TimeFieldProps) {
  const [typed, setTyped] = useState(localInput(moment))
  // It also changes from outside: by the browser's back button, or by the button that clears it.
  const [known, setKnown] = useState(moment)
  if (known !== moment) {
    setKnown(moment)
    setTyped(localInput(moment))
  }
  return (
    <label className={`${list.search} ${styles.time}`}>
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
