import { useCallback, useState } from 'react'
import type { OpenConsole } from '../use-console.ts'
import { type PreparedPaste, preparePaste } from './paste.ts'

/** Every paste goes through here. It is cleaned, confirmed where it must be, then typed at the line's pace. */
export function usePaste({ session, terminal: { keyboard } }: OpenConsole) {
  const [asked, setAsked] = useState<PreparedPaste | null>(null)
  const receive = useCallback(
    (text: string) => {
      const prepared = preparePaste(text, keyboard.settings)
      if (prepared.uncarried > 0 && prepared.text === '') return keyboard.onRefused(text)
      if (prepared.text === '') return
      const lacking = keyboard.encoding.lacking(prepared.text)
      if (lacking !== '') return keyboard.onRefused(lacking)
      if (prepared.needsConfirmation && session.mayWrite) setAsked(prepared)
      else session.paste(keyboard.pasted(prepared.text))
    },
    [session, keyboard],
  )
  return {
    receive,
    /** The props of `PasteDialog`. */
    question: {
      prepared: asked,
      onCancel: () => setAsked(null),
      onConfirm: (text: string) => {
        setAsked(null)
        session.paste(keyboard.pasted(text))
      },
    },
  }
}
