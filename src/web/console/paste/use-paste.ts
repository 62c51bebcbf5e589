import { useCallback, useState } from 'react'
import type { ConsoleSession } from '../session/session.ts'
import { type PreparedPaste, preparePaste } from './paste.ts'

/** The way that every paste goes: cleaned, asked about where it must be, then typed at the line's pace. */
export function usePaste(session: ConsoleSession) {
  const [asked, setAsked] = useState<PreparedPaste | null>(null)
  const receive = useCallback(
    (text: string) => {
      const prepared = preparePaste(text)
      if (prepared.text === '') return
      if (prepared.needsConfirmation && session.mayWrite) setAsked(prepared)
      else session.paste(prepared.text)
    },
    [session],
  )
  return {
    receive,
    /** What `PasteDialog` asks about. */
    question: {
      prepared: asked,
      onCancel: () => setAsked(null),
      onConfirm: (text: string) => {
        setAsked(null)
        session.paste(text)
      },
    },
  }
}
