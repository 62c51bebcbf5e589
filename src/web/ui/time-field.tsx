import { useState } from 'react'
import list from './list.module.css'
import { localInput, momentOf } from './local-time.ts'

interface TimeFieldProps {
  label: string
  className?: string | undefined
  moment: string | undefined
  onMoment: (moment: string | undefined) => void
}

/** A day and a time in the browser's zone */
export function TimeField({ label, className = '', moment, onMoment }: TimeFieldProps) {
  const [typed, setTyped] = useState(localInput(moment))
  // It also changes from outside: by the browser's back button, or by the button that clears it.
  const [known, setKnown] = useState(moment)
  if (known !== moment) {
    setKnown(moment)
    setTyped(localInput(moment))
  }
  return (
    <label className={`${list.search} ${className}`}>
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
