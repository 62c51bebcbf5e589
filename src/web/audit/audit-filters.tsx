import { useTranslations } from 'use-intl'
import { AuditAction, type AuditFilter, AuditOutcome } from '../../shared/audit.ts'
import { SearchField } from '../ui/search-field.tsx'
import { TimeField } from '../ui/time-field.tsx'
import styles from './audit.module.css'

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
      <TimeField
        className={styles.time}
        label={t('from')}
        moment={filter.from}
        onMoment={(from) => onNarrow({ from })}
      />
      <TimeField
        className={styles.time}
        label={t('to')}
        moment={filter.to}
        onMoment={(to) => onNarrow({ to })}
      />
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
