import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { useWatchingWhy } from '../sharing/watching-why.ts'
import type { OpenConsole } from '../use-console.ts'
import { useKeyName } from './key-name.ts'
import type { Modifier } from './keyboard.ts'
import styles from './keypad.module.css'
import { useKeyboard } from './use-keyboard.ts'

interface PadKeyProps {
  /** Its name for a screen reader, where more is said than shown */
  label: string
  children: ReactNode
  /** Why it cannot be pressed now */
  why: string | undefined
  press: () => void
  /** A key that stays down */
  held?: 'off' | 'once' | 'locked'
  grave?: boolean
}

/** A key on the screen. */
export function PadKey({ label, children, why, press, held, grave }: PadKeyProps) {
  return (
    <button
      type="button"
      className={grave ? styles.grave : undefined}
      aria-label={label}
      aria-pressed={held && held !== 'off'}
      data-held={held}
      title={why}
      disabled={why !== undefined}
      // Keeps the focus in the terminal, so that the on-screen keyboard stays open.
      onPointerDown={(event) => event.preventDefault()}
      onClick={press}
    >
      {children}
    </button>
  )
}

interface ModifierKeyProps {
  open: OpenConsole
  modifier: Modifier
  label: string
  /** What is seen of it, where there is no room for the label */
  shown?: string
}

/** Held for the next key by one press, and until it is pressed again by two. */
export function ModifierKey({ open, modifier, label, shown }: ModifierKeyProps) {
  const t = useTranslations('console.keyboard')
  const { keyboard } = open.terminal
  const watching = useWatchingWhy(open.session)
  const keyName = useKeyName()
  const { held } = useKeyboard(keyboard)
  const state = held[modifier]
  const name = keyName(label)
  return (
    <PadKey
      label={state === 'locked' ? t('locked', { key: name }) : name}
      why={watching}
      held={state}
      press={() => keyboard.hold(modifier)}
    >
      {shown ?? name}
    </PadKey>
  )
}
