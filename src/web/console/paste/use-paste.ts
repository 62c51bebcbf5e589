import { useCallback, useState } from 'react'
import type { ConsoleSession } from '../session/session.ts'
import { type PreparedPaste, preparePaste } from './paste.ts'

/** Every paste goes through here. It is cleaned, confirmed where it must be, then typed at the line's pace. */
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
    /** The props of `PasteDialog`. */
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
