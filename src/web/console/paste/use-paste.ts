import { useCallback, useState } from 'react'
import type { OpenConsole } from '../use-console.ts'
import { type PreparedPaste, preparePaste } from './paste.ts'

/** Other consoles of the page that take what is pasted into this one. */
interface AlsoPasted {
  /** To which it would go, asked before the question */
  wouldReach: () => readonly OpenConsole[]
  /** To which it goes */
  reached: () => readonly OpenConsole[]
}

const nobody: AlsoPasted = { wouldReach: () => [], reached: () => [] }

interface Asked {
  /** What the question shows */
  prepared: PreparedPaste
  /** What the clipboard had */
  clipboard: string
  consoles: number
}

/**
 * Every paste goes through here. It is cleaned, confirmed where it must be, then typed at the line's pace. One that goes
 * to several consoles is asked about once, and cleaned for each.
 */
export function usePaste(open: OpenConsole, also = nobody) {
  const [asked, setAsked] = useState<Asked | null>(null)
  const send = useCallback(
    (clipboard: string) => {
      for (const { session, terminal } of [open, ...also.reached()]) {
        const { keyboard } = terminal
        const { text } = preparePaste(clipboard, keyboard.settings)
        const lacking = keyboard.encoding.lacking(text)
        // Each says for itself what its line cannot carry.
        if (lacking !== '') keyboard.onRefused(lacking)
        else if (text !== '') session.paste(keyboard.pasted(text))
      }
    },
    [open, also],
  )
  const receive = useCallback(
    (clipboard: string) => {
      const consoles = [open, ...also.wouldReach()]
      const prepared = together(
        consoles.map(({ terminal }) => preparePaste(clipboard, terminal.keyboard.settings)),
      )
      if (prepared.uncarried > 0 && prepared.text === '') return open.terminal.keyboard.onRefused(clipboard)
      if (prepared.text === '') return
      const carried = consoles.some(
        ({ terminal: { keyboard } }) => keyboard.encoding.lacking(prepared.text) === '',
      )
      const mayWrite = consoles.some(({ session }) => session.mayWrite)
      if (prepared.needsConfirmation && mayWrite && carried)
        setAsked({ prepared, clipboard, consoles: consoles.length })
      else send(clipboard)
    },
    [open, also, send],
  )
  return {
    receive,
    /** The props of `PasteDialog`. */
    question: {
      prepared: asked?.prepared ?? null,
      consoles: asked?.consoles ?? 1,
      onCancel: () => setAsked(null),
      onConfirm: () => {
        setAsked(null)
        if (asked) send(asked.clipboard)
      },
    },
  }
}

/** One question for all: the longest of their texts, and what is to be known of any of them. */
function together(all: readonly PreparedPaste[]): PreparedPaste {
  return all.reduce((one, other) => ({
    text: one.text.length >= other.text.length ? one.text : other.text,
    lines: Math.max(one.lines, other.lines),
    removed: Math.max(one.removed, other.removed),
    uncarried: Math.max(one.uncarried, other.uncarried),
    escapes: one.escapes || other.escapes,
    needsConfirmation: one.needsConfirmation || other.needsConfirmation,
  }))
}
