import { Search } from 'lucide-react'
import { useEffect, useId, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import type { Project } from '../../shared/sign-in.ts'
import { failureOf } from '../api/client.ts'
import { FailureNotice } from '../ui/failure-notice.tsx'
import { byRegion } from './projects.ts'
import styles from './sign-in.module.css'

/** A longer list cannot be seen at one glance. */
const SEARCH_FROM = 9
/** The most projects that the server accepts (`ProjectChoice`). */
const MOST = 50

interface ProjectChooserProps {
  projects: Project[]
  /** The keys of the chosen projects */
  chosen: string[]
  confirm: string
  pending: boolean
  error: unknown
  onChoose: (keys: string[]) => void
}

/** A list of projects to tick, grouped by region. */
export function ProjectChooser(props: ProjectChooserProps) {
  const { projects, chosen, confirm, pending, error, onChoose } = props
  const t = useTranslations('signIn')
  // Who has one project has nothing to choose.
  const [ticked, setTicked] = useState(
    () => new Set(chosen.length === 0 && projects.length === 1 ? projects.map(({ key }) => key) : chosen),
  )
  const [query, setQuery] = useState('')
  const hint = useId()
  const regions = byRegion(projects, query)
  const shown = regions.flatMap((region) => region.projects.map(({ key }) => key))
  // Projects that the cloud no longer has are dropped from the choice.
  const keys = projects.map(({ key }) => key).filter((key) => ticked.has(key))
  const tick = (changed: string[], on: boolean) =>
    setTicked((before) => {
      const after = new Set(before)
      for (const key of changed) on ? after.add(key) : after.delete(key)
      return after
    })
  const tooMany = keys.length > MOST
  // A low page was scrolled to the button that led here.
  useEffect(() => window.scrollTo(0, 0), [])
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault()
        if (keys.length > 0 && !tooMany) onChoose(keys)
      }}
    >
      {error !== null && <FailureNotice failure={failureOf(error)} />}
      {projects.length >= SEARCH_FROM && (
        <label className={styles.search}>
          <Search size={16} aria-hidden />
          <input
            type="search"
            aria-label={t('searchProjects')}
            placeholder={t('searchProjects')}
            value={query}
            onChange={(event) => setQuery(event.target.value)}
            // Enter in the search must not submit the choice.
            onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
          />
        </label>
      )}
      <div className={styles.projects}>
        {shown.length > 1 && (
          <AllBox
            label={t(query ? 'allFound' : 'all', { count: shown.length })}
            shown={shown}
            ticked={ticked}
            onTick={tick}
          />
        )}
        {regions.map(({ region, projects: inside }) => (
          <fieldset key={region}>
            <legend>{region ?? t('noRegion')}</legend>
            {inside.map(({ key, name }) => (
              <label key={key} className={styles.tick}>
                <input
                  type="checkbox"
                  checked={ticked.has(key)}
                  onChange={(event) => tick([key], event.target.checked)}
                />
                <span>{name}</span>
              </label>
            ))}
          </fieldset>
        ))}
        {shown.length === 0 && <p className={styles.dim}>{t(query ? 'noProject' : 'noProjects')}</p>}
      </div>
      <p id={hint} role="status" className={styles.dim}>
        {tooMany ? t('tooMany', { most: MOST }) : t('chosen', { count: keys.length })}
      </p>
      <button
        type="submit"
        className={`button primary ${styles.submit}`}
        aria-describedby={hint}
        disabled={pending || keys.length === 0 || tooMany}
      >
        {confirm}
      </button>
    </form>
  )
}

interface AllBoxProps {
  label: string
  shown: string[]
  ticked: Set<string>
  onTick: (keys: string[], on: boolean) => void
}

function AllBox({ label, shown, ticked, onTick }: AllBoxProps) {
  const box = useRef<HTMLInputElement>(null)
  const on = shown.filter((key) => ticked.has(key)).length
  useEffect(() => {
    // HTML has no attribute for `indeterminate`.
    if (box.current) box.current.indeterminate = on > 0 && on < shown.length
  }, [on, shown.length])
  return (
    <label className={`${styles.tick} ${styles.all}`}>
      <input
        ref={box}
        type="checkbox"
        checked={on === shown.length}
        onChange={(event) => onTick(shown, event.target.checked)}
      />
      <span>{label}</span>
    </label>
  )
}
