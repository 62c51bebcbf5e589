import { Search } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import styles from './list.module.css'

/** A search reads files, so it waits until the typing pauses this long. */
const PAUSE_MS = 300

interface SearchFieldProps {
  label: string
  query: string
  onQuery: (query: string) => void
}

export function SearchField({ label, query, onQuery }: SearchFieldProps) {
  const [typed, setTyped] = useState(query)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  // The query also changes from outside: by the browser's back button, or by a button that clears it.
  const [known, setKnown] = useState(query)
  if (known !== query) {
    setKnown(query)
    setTyped(query)
  }
  useEffect(() => () => clearTimeout(timer.current), [])
  // The latest callback counts: an older one would undo what else was chosen during the pause.
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
