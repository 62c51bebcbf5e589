import { useQuery } from '@tanstack/react-query'
import { Command } from 'cmdk'
import { ChevronRight, Search } from 'lucide-react'
import { type KeyboardEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import type { Server } from '../../shared/server.ts'
import { serversQuery } from '../api/queries.ts'
import { enPalette } from '../locales/en-palette.ts'
import { MoreWords } from '../locales/more-words.tsx'
import { PowerWords } from '../power/power-words.tsx'
import { usePreferences } from '../preferences/use-preferences.ts'
import { selectServers } from '../servers/model/select.ts'
import { wholeList } from '../servers/model/view.ts'
import { type Command as Entry, matching, recentFirst } from './commands.ts'
import { doneLately } from './done-lately.ts'
import styles from './palette.module.css'
import { useGeneralCommands, useServerCommands } from './use-commands.ts'

/** More rows than that are no list to choose from. */
const MOST_SERVERS = 20
/** Before a letter is typed: pages and actions must stay in sight. */
const MOST_RECENT = 5

interface PaletteProps {
  /** What was typed before it had loaded */
  first: string
  onClose: () => void
}

/** Finds a server, a page, an action or a setting by a few letters, and goes there or does it. */
export default function Palette(props: PaletteProps) {
  return (
    <MoreWords english={enPalette}>
      <PowerWords>
        <Box {...props} />
      </PowerWords>
    </MoreWords>
  )
}

/** The browser's own modal dialog keeps the focus inside, and gives it back. */
function Box({ first, onClose }: PaletteProps) {
  const t = useTranslations('palette')
  const dialog = useRef<HTMLDialogElement>(null)
  const [server, setServer] = useState<Server | null>(null)
  useLayoutEffect(() => {
    const shown = dialog.current
    shown?.showModal()
    // The browser gives the focus to the first thing that can have it, which is the box around the field.
    const field = shown?.querySelector('input')
    field?.focus()
    // What was typed while this loaded goes on here.
    field?.setSelectionRange(field.value.length, field.value.length)
    return () => shown?.close()
  }, [])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the key for a click beside it is Escape, which closes it
    <dialog
      ref={dialog}
      className={`dialog ${styles.palette}`}
      aria-label={t('title')}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClick={({ target, currentTarget }) => {
        if (target === currentTarget) onClose()
      }}
    >
      {server ? (
        <OfServer key={server.id} server={server} onClose={onClose} onBack={() => setServer(null)} />
      ) : (
        <General first={first} onClose={onClose} onServer={setServer} />
      )}
    </dialog>
  )
}

function General({ first: typed, onClose, onServer }: PaletteProps & { onServer: (server: Server) => void }) {
  const t = useTranslations('palette')
  const [query, setQuery] = useState(typed)
  const [shown, setShown] = useState('')
  const { data, error, isPending } = useQuery(serversQuery())
  const { pages, actions, settings, openOf } = useGeneralCommands()
  const {
    preferences: { recent },
  } = usePreferences()
  const asked = query.trim() !== ''
  const found = useMemo(() => {
    const all = data?.servers ?? []
    const rows = asked
      ? selectServers(all, { ...wholeList, query }).rows
      : // Before a letter is typed, there are only those that were opened lately.
        all.filter(({ id }) => recent.includes(id))
    return recentFirst(rows, recent, ({ id }) => id)
  }, [data, query, asked, recent])
  const servers = found.slice(0, asked ? MOST_SERVERS : MOST_RECENT)
  const current = servers.find(({ id }) => keyOf(id) === shown)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowRight' || !current || !atEnd(event.target)) return
    event.preventDefault()
    onServer(current)
  }
  const run = (act: () => void, key?: string) => {
    if (key !== undefined) doneLately.add(key)
    onClose()
    act()
  }
  const lately = asked ? [] : doneLately.get()
  const all = [...actions, ...pages, ...settings]
  const isLately = ({ key }: Entry) => lately.includes(key)
  const groups = [
    { heading: t('lately'), entries: recentFirst(all.filter(isLately), lately, ({ key }) => key) },
    ...[
      { heading: t('actions'), entries: actions },
      { heading: t('pages'), entries: pages },
      { heading: t('settings'), entries: settings },
    ].map(({ heading, entries }) => ({
      heading,
      entries: matching(
        entries.filter((entry) => !isLately(entry)),
        query,
      ),
    })),
  ]
  const first = asked || !servers[0] ? null : keyOf(servers[0].id)
  const top = groups.find(({ entries }) => entries.length > 0)?.entries[0]?.key
  // What was opened lately may come after the palette, and takes the mark only from where nobody has put it.
  useEffect(() => {
    if (first !== null) setShown((before) => (before === '' || before === top ? first : before))
  }, [first, top])
  return (
    <Command
      label={t('placeholder')}
      shouldFilter={false}
      vimBindings={false}
      loop
      value={shown}
      onValueChange={setShown}
      onKeyDown={onKeyDown}
    >
      <Field label={t('placeholder')} query={query} onQuery={setQuery} />
      <Command.List className={styles.list}>
        <Command.Empty className={styles.note}>{t('nothing', { query })}</Command.Empty>
        {servers.length > 0 && (
          <Command.Group heading={t(asked ? 'servers' : 'recent')}>
            {servers.map((server) => (
              <Command.Item
                key={server.id}
                value={keyOf(server.id)}
                className={styles.item}
                onSelect={() => run(() => openOf(server))}
              >
                <span className={styles.name}>{server.name}</span>
                <small>{server.addresses[0]?.address ?? server.id}</small>
                {/* An option holds no controls. By the keyboard it is the right arrow. */}
                {/* biome-ignore lint/a11y/noStaticElementInteractions: see above */}
                {/* biome-ignore lint/a11y/useKeyWithClickEvents: see above */}
                <span
                  className="icon"
                  title={t('actionsOf', { name: server.name })}
                  onClick={(event) => {
                    event.stopPropagation()
                    onServer(server)
                  }}
                >
                  <ChevronRight size={16} aria-hidden />
                </span>
              </Command.Item>
            ))}
          </Command.Group>
        )}
        {asked && found.length > servers.length && (
          <p className={styles.note}>{t('more', { count: found.length - servers.length })}</p>
        )}
        {asked && isPending && <p className={styles.note}>{t('loading')}</p>}
        {asked && error !== null && !data && <p className={styles.note}>{t('failed')}</p>}
        {groups.map(({ heading, entries }) => (
          <Entries key={heading} heading={heading} entries={entries} run={run} />
        ))}
      </Command.List>
      <p className={styles.keys} aria-hidden>
        <kbd>Enter</kbd> {t('hintOpen')} {current && <Hint keys="→" text={t('hintActions')} />}
      </p>
    </Command>
  )
}

interface OfServerProps extends Omit<PaletteProps, 'first'> {
  server: Server
  onBack: () => void
}

/** What can be done with one server. */
function OfServer({ server, onClose, onBack }: OfServerProps) {
  const t = useTranslations('palette')
  const [query, setQuery] = useState('')
  const entries = matching(useServerCommands(server), query)
  return (
    <Command
      label={t('placeholderOf', { name: server.name })}
      shouldFilter={false}
      vimBindings={false}
      loop
      onKeyDown={(event) => {
        if (event.key !== 'Backspace' || query !== '') return
        event.preventDefault()
        onBack()
      }}
    >
      <Field label={t('placeholderOf', { name: server.name })} query={query} onQuery={setQuery} />
      <Command.List className={styles.list}>
        <Command.Empty className={styles.note}>{t('nothing', { query })}</Command.Empty>
        <Entries
          heading={server.name}
          entries={entries}
          run={(act) => {
            onClose()
            act()
          }}
        />
      </Command.List>
      <p className={styles.keys} aria-hidden>
        <kbd>Enter</kbd> {t('hintOpen')} <Hint keys="⌫" text={t('hintBack')} />
      </p>
    </Command>
  )
}

const Hint = ({ keys, text }: { keys: string; text: string }) => (
  <>
    <kbd>{keys}</kbd> {text}
  </>
)

interface FieldProps {
  label: string
  query: string
  onQuery: (query: string) => void
}

const Field = ({ label, query, onQuery }: FieldProps) => (
  <div className={styles.field}>
    <Search size={17} aria-hidden />
    <Command.Input autoFocus placeholder={label} value={query} onValueChange={onQuery} />
    <kbd aria-hidden>Esc</kbd>
  </div>
)

interface EntriesProps {
  heading: string
  entries: readonly Entry[]
  run: (act: () => void, key: string) => void
}

function Entries({ heading, entries, run }: EntriesProps) {
  if (entries.length === 0) return null
  return (
    <Command.Group heading={heading}>
      {entries.map(({ key, label, Icon, note, danger, why, act }) => (
        <Command.Item
          key={key}
          value={key}
          className={styles.item}
          data-danger={danger || undefined}
          disabled={why !== undefined}
          onSelect={() => run(act, key)}
        >
          <Icon size={16} aria-hidden />
          <span className={styles.name}>{label}</span>
          {(why ?? note) && <small>{why ?? note}</small>}
        </Command.Item>
      ))}
    </Command.Group>
  )
}

const keyOf = (id: string) => `server ${id}`

/** The cursor stands behind the text, so the key has nowhere to go in it. */
const atEnd = (target: EventTarget): boolean =>
  target instanceof HTMLInputElement && target.selectionStart === target.value.length
