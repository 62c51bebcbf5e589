import { ChevronDown } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import type { Facet } from '../model/facets.ts'
import type { FacetCounts } from '../model/select.ts'
import styles from './facets.module.css'
import { useNames } from './names.ts'
import { ValueList } from './value-list.tsx'

interface FacetMenuProps {
  facet: Facet
  values: FacetCounts
  chosen: readonly string[]
  onToggle: (facet: Facet, value: string) => void
  onClear: (facet: Facet) => void
}

/**
 * A button that opens the values of a facet. They are checkboxes and a search in a panel rather than items of a menu: a
 * menu has no room for a search, and closes at each choice.
 */
export function FacetMenu({ facet, values, chosen, onToggle, onClear }: FacetMenuProps) {
  const t = useTranslations('facets')
  const name = useNames().facet(facet)
  const [open, setOpen] = useState(false)
  const whole = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (!open) return
    const onPress = ({ target }: PointerEvent) => {
      if (target instanceof Node && !whole.current?.contains(target)) setOpen(false)
    }
    document.addEventListener('pointerdown', onPress)
    return () => document.removeEventListener('pointerdown', onPress)
  }, [open])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it hears the keys of what is in it
    <div
      ref={whole}
      className={styles.facet}
      onKeyDown={(event) => {
        if (!open) return
        // The list has keys of its own, and must not take those that are for the panel.
        event.stopPropagation()
        if (event.key !== 'Escape') return
        setOpen(false)
        button.current?.focus()
      }}
      onBlur={({ relatedTarget, currentTarget }) => {
        // No target: the window lost the focus, or a press on what takes none, which the listener above sees.
        if (relatedTarget && !currentTarget.contains(relatedTarget)) setOpen(false)
      }}
    >
      <button
        ref={button}
        type="button"
        className={`button ${styles.trigger}`}
        aria-haspopup="dialog"
        aria-expanded={open}
        data-state={open ? 'open' : 'closed'}
        data-chosen={chosen.length > 0 || undefined}
        aria-label={chosen.length > 0 ? t('chosen', { name, count: chosen.length }) : name}
        onClick={() => setOpen(!open)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' || open) return
          event.preventDefault()
          setOpen(true)
        }}
      >
        {name}
        {chosen.length > 0 && <b className={styles.number}>{chosen.length}</b>}
        <ChevronDown size={14} aria-hidden />
      </button>
      {open && (
        <Panel name={name}>
          <ValueList facet={facet} values={values(facet)} chosen={chosen} onToggle={onToggle} focus />
          {chosen.length > 0 && (
            <button
              type="button"
              className={`tool ${styles.clear}`}
              onClick={() => {
                onClear(facet)
                setOpen(false)
                button.current?.focus()
              }}
            >
              {t('clear')}
            </button>
          )}
        </Panel>
      )}
    </div>
  )
}

/** Opens under its button, and stays in the window. */
function Panel({ name, children }: { name: string; children: ReactNode }) {
  const panel = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const shown = panel.current
    if (!shown) return
    const over = shown.getBoundingClientRect().right + 8 - document.documentElement.clientWidth
    if (over > 0) shown.style.left = `${-over}px`
  }, [])
  return (
    <div ref={panel} className={styles.panel} role="dialog" aria-label={name}>
      {children}
    </div>
  )
}
