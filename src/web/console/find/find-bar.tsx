import { ArrowDown, ArrowUp, CaseSensitive, Regex, X } from 'lucide-react'
import {
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import { useTranslations } from 'use-intl'
import { focusAndSelect } from '../../ui/focus.ts'
import { keepFocus } from '../bar/bar-button.tsx'
import { useHasKeys } from '../keys/has-keys.ts'
import { useKeyName } from '../keys/key-name.ts'
import { withKeys } from '../shortcuts/use-shortcut-keys.ts'
import type { ConsoleTerminal } from '../terminal/terminal.ts'
import styles from './find.module.css'
import { FindMarks } from './find-marks.ts'
import { Finder, type FindState } from './finder.ts'
import { WorkerMatcher } from './matcher.ts'
import type { FindQuery } from './matching.ts'

/** A query waits until the typing pauses this long. */
const PAUSE_MS = 90
const none: FindState = { kind: 'none' }

export interface FindBarProps {
  terminal: ConsoleTerminal
  /** What was typed while this loaded. */
  first?: string
  /** What was looked for last. It changes with the query. */
  last: RefObject<FindQuery>
  /** Counts the presses of the key that opens it. */
  asked: number
  /** The page that searches all that is kept of the line. Null: nothing is kept, or the person may not read it. */
  historyOf: ((query: FindQuery) => string) | null
  onClose: () => void
}

/** Finds a text in the terminal's scrollback. */
export default function FindBar({ terminal, first = '', last, asked, historyOf, onClose }: FindBarProps) {
  const t = useTranslations('find')
  const keyName = useKeyName()
  const hasKeys = useHasKeys()
  const input = useRef<HTMLInputElement>(null)
  const [query, setQuery] = useState(() => {
    if (first !== '') return { ...last.current, text: first }
    const { selection } = terminal
    const text = selection === '' || selection.includes('\n') ? last.current.text : selection
    return { ...last.current, text }
  })
  const { finder, state } = useFinder(terminal)
  useEffect(() => {
    last.current = query
    const timer = setTimeout(() => finder?.find(query), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [finder, query, last])
  const goesOn = useRef(first !== '')
  // biome-ignore lint/correctness/useExhaustiveDependencies: each press of the key gives the field the focus again, before the next key comes
  useLayoutEffect(() => {
    if (goesOn.current) input.current?.focus()
    else focusAndSelect(input.current)
    goesOn.current = false
  }, [asked])
  const close = () => {
    onClose()
    terminal.focus()
  }
  const toggle = (option: 'matchCase' | 'regex') => setQuery({ ...query, [option]: !query[option] })
  const onKeyDown = (event: KeyboardEvent) => {
    const { key, shiftKey, altKey, ctrlKey, metaKey } = event
    if (ctrlKey || metaKey || event.nativeEvent.isComposing) return
    if (key === 'Escape') close()
    else if (key === 'Enter' && event.target === input.current) finder?.go(shiftKey ? 1 : -1)
    else if (altKey && event.code === 'KeyC') toggle('matchCase')
    else if (altKey && event.code === 'KeyR') toggle('regex')
    else return
    event.preventDefault()
  }
  const bad = state.kind === 'invalid' || state.kind === 'too-hard' || state.kind === 'failed'
  const nothing = state.kind === 'found' && state.done && state.count === 0
  const buttons = [
    { label: t('matchCase'), keys: 'Alt+C', Icon: CaseSensitive, option: 'matchCase' },
    { label: t('regex'), keys: 'Alt+R', Icon: Regex, option: 'regex' },
  ] as const
  const steps = [
    { label: t('previous'), keys: 'Enter', Icon: ArrowUp, step: -1 },
    { label: t('next'), keys: 'Shift+Enter', Icon: ArrowDown, step: 1 },
  ] as const
  return (
    <search className={styles.bar} aria-label={t('title')} onKeyDown={onKeyDown}>
      <div className={styles.row}>
        <div className={styles.field} data-bad={bad}>
          <input
            ref={input}
            type="text"
            spellCheck={false}
            autoComplete="off"
            autoCapitalize="off"
            maxLength={200}
            aria-label={t('label')}
            placeholder={t('label')}
            aria-invalid={bad}
            value={query.text}
            onChange={(event) => setQuery({ ...query, text: event.target.value })}
          />
          <span className={styles.count} role="status">
            <Count state={state} />
          </span>
        </div>
        {buttons.map(({ label, keys, Icon, option }) => (
          <button
            key={option}
            type="button"
            className="icon"
            aria-pressed={query[option]}
            aria-label={label}
            title={withKeys(label, hasKeys ? keyName(keys) : undefined)}
            onMouseDown={keepFocus}
            onClick={() => toggle(option)}
          >
            <Icon size={17} aria-hidden />
          </button>
        ))}
        {steps.map(({ label, keys, Icon, step }) => (
          <button
            key={step}
            type="button"
            className="icon"
            aria-label={label}
            title={withKeys(label, hasKeys ? keyName(keys) : undefined)}
            disabled={state.kind !== 'found' || state.count === 0}
            onMouseDown={keepFocus}
            onClick={() => finder?.go(step)}
          >
            <Icon size={17} aria-hidden />
          </button>
        ))}
        <button
          type="button"
          className="icon"
          aria-label={t('close')}
          title={withKeys(t('close'), hasKeys ? 'Esc' : undefined)}
          onClick={close}
        >
          <X size={17} aria-hidden />
        </button>
      </div>
      {bad && (
        <p className={styles.says} data-bad role="alert">
          {t(state.kind)}
        </p>
      )}
      {nothing && historyOf && (
        <p className={styles.says}>
          {t('nothing')}
          <a href={historyOf(query)} target="_blank" rel="noopener">
            {t('history')}
          </a>
        </p>
      )}
    </search>
  )
}

function Count({ state }: { state: FindState }) {
  const t = useTranslations('find')
  if (state.kind !== 'found' || (state.count === 0 && !state.done)) return null
  const { count, index, more } = state
  if (count === 0) return t('none')
  if (more) return t('more', { count })
  return index === null ? t('count', { count }) : t('of', { index: index + 1, count })
}

/** A finder for as long as the component is mounted, with its marks. */
function useFinder(terminal: ConsoleTerminal): { finder: Finder | null; state: FindState } {
  const [finder, setFinder] = useState<Finder | null>(null)
  useEffect(() => {
    const opened = new Finder(terminal.view, new WorkerMatcher())
    const marks = new FindMarks(terminal, opened)
    setFinder(opened)
    return () => {
      marks.dispose()
      opened.dispose()
    }
  }, [terminal])
  const state = useSyncExternalStore(finder?.subscribe ?? never, finder?.getState ?? (() => none))
  return { finder, state }
}

const never = () => () => {}
