import { Search } from 'lucide-react'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import list from '../../ui/list.module.css'
import type { Facet } from '../model/facets.ts'
import type { FacetValue } from '../model/select.ts'
import styles from './facets.module.css'
import { useNames } from './names.ts'

/** Fewer values than these are seen at once. */
const SEARCH_FROM = 9
/** More are searched for, since nobody reads them, and a browser takes long to draw them. */
const MOST = 100

interface ValueListProps {
  facet: Facet
  values: readonly FacetValue[]
  chosen: readonly string[]
  onToggle: (facet: Facet, value: string) => void
  /** Takes the focus when it opens. */
  focus?: boolean
}

/** The values of a facet with how many servers have them. The arrows go from one to the next. */
export function ValueList({ facet, values, chosen, onToggle, focus = false }: ValueListProps) {
  const t = useTranslations('facets')
  const format = useFormatter()
  const names = useNames()
  const id = useId()
  const [query, setQuery] = useState('')
  const [first] = useState(chosen)
  const whole = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (focus) whole.current?.querySelector('input')?.focus()
  }, [focus])
  const named = values.map((each) => ({ ...each, name: names.value(facet, each.value, each.name) }))
  const order = inOrder(named, first)
  const wanted = query.trim().toLowerCase()
  const found = order.filter(
    ({ name, value, count }) => (count > 0 || chosen.includes(value)) && name.toLowerCase().includes(wanted),
  )
  const shown = found.slice(0, MOST)
  const onKey = (event: KeyboardEvent) => {
    const inputs = [...(whole.current?.querySelectorAll('input') ?? [])]
    const at = inputs.findIndex((input) => input.isSameNode(document.activeElement))
    const next = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key]
    if (next === undefined || at === -1) return
    event.preventDefault()
    inputs[Math.max(0, Math.min(next, inputs.length - 1))]?.focus()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it hears the keys of what is in it
    <div ref={whole} onKeyDown={onKey}>
      {values.length >= SEARCH_FROM && (
        <label className={`${list.search} ${styles.search}`}>
          <Search size={15} aria-hidden />
          <input
            type="search"
            maxLength={200}
            aria-label={t('find', { name: names.facet(facet) })}
            aria-controls={id}
            value={query}
            onChange={(event) => setQuery(event.target.value)}
          />
        </label>
      )}
      <ul id={id} className={styles.values}>
        {shown.map(({ value, name, count }) => (
          <li key={value} data-of={facet === 'tag' && value.includes('=') ? 'key' : undefined}>
            <label title={name}>
              <input
                type="checkbox"
                checked={chosen.includes(value)}
                onChange={() => onToggle(facet, value)}
              />
              <span>{name}</span>
              <small>{format.number(count)}</small>
            </label>
          </li>
        ))}
      </ul>
      <p className={styles.rest} role="status">
        {found.length > MOST ? t('more', { count: found.length - MOST }) : found.length === 0 && t('nothing')}
      </p>
    </div>
  )
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

/** By name, with what was chosen when it opened on top: nothing moves under the pointer while one chooses. */
const inOrder = <T extends FacetValue>(values: readonly T[], first: readonly string[]): T[] =>
  values.toSorted(
    (a, b) =>
      Number(first.includes(b.value)) - Number(first.includes(a.value)) || collator.compare(a.name, b.name),
  )
