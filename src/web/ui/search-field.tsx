import { Search } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import styles from './list.module.css'

/** Each search reads files: it is asked for when the typing pauses. */
const PAUSE_MS = 300

interface SearchFieldProps {
  label: string
  query: string
  onQuery: (query: string) => void
}

export function SearchField({ label, query, onQuery }: SearchFieldProps) {
  const [typed, setTyped] = useState(query)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  // Changed from outside: by the browser's back, or by a button that clears it.
  const [known, setKnown] = useState(query)
  if (known !== query) {
    setKnown(query)
    setTyped(query)
  }
  useEffect(() => () => clearTimeout(timer.current), [])
  // What else was chosen during the pause must not be undone by what was known before it.
  const latest = useRef(onQuery)
  useEffect(() => {
    latest.current = onQuery
  })
  const ask = (text: string, pause: number) => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => latest.current(text.trim()), pause)
  }
  return (
    <label className={styles.search}>
      <Search size={16} aria-hidden />
      <input
        type="search"
        maxLength={200}
        aria-label={label}
        placeholder={label}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value)
          ask(event.target.value, PAUSE_MS)
        }}
        onKeyDown={(event) => event.key === 'Enter' && ask(typed, 0)}
      />
    </label>
  )
}
