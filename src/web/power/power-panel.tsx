import { useEffect, useSyncExternalStore } from 'react'
import { useUser } from '../api/queries.ts'
import { AskDialog } from './ask-dialog.tsx'
import type { PowerDesk } from './desk.ts'
import { countOf } from './many.ts'
import { PowerWords } from './power-words.tsx'
import { ProgressDialog } from './progress-dialog.tsx'
import { RunNotes } from './run-notes.tsx'

/** What is asked, and what is under way. */
export function PowerPanel({ desk }: { desk: PowerDesk }) {
  const { question, runs, shown } = useSyncExternalStore(desk.subscribe, desk.get)
  const user = useUser()
  const somebody = user !== undefined
  useEffect(() => {
    if (!somebody) desk.clear()
  }, [somebody, desk])
  const waiting = runs.some(({ run }) => countOf(run).waiting > 0)
  useEffect(() => {
    if (!waiting) return
    // What was not sent yet is lost with the page.
    const stay = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', stay)
    return () => window.removeEventListener('beforeunload', stay)
  }, [waiting])
  const open = runs.find(({ id }) => id === shown)
  return (
    <PowerWords>
      {question && <AskDialog desk={desk} question={question} />}
      {open && <ProgressDialog key={open.id} desk={desk} entry={open} />}
      <RunNotes desk={desk} runs={runs.filter(({ id }) => id !== shown)} />
    </PowerWords>
  )
}
