import { useQuery } from '@tanstack/react-query'
import { ArrowLeft, Columns2, Keyboard, LayoutGrid, Plus } from 'lucide-react'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { useTranslations } from 'use-intl'
import { serverQuery } from '../api/queries.ts'
import { Anew } from '../console/again.tsx'
import { MOST_CONSOLES } from '../console/beside.ts'
import consoles from '../console/console.module.css'
import { useHasKeys } from '../console/keys/has-keys.ts'
import type { LineStatus } from '../console/session/line-status.ts'
import { type OpenConsole, useGround } from '../console/use-console.ts'
import { ListLink } from '../user/list-link.tsx'
import { User } from '../user/user.tsx'
import { AddDialog } from './add-dialog.tsx'
import { ConsolePane, LEAVE_HINT, type PaneHandle } from './console-pane.tsx'
import styles from './grid.module.css'
import { NoConsoles } from './no-consoles.tsx'
import { PaneGrid } from './pane-grid.tsx'
import { PaneTabs } from './pane-tabs.tsx'
import { frontWithout, gpuShare, type Layout, type Panes } from './panes.ts'
import { Several } from './several.ts'
import { SeveralBand } from './several-band.tsx'
import { useNarrow } from './use-narrow.ts'

export interface ConsolesPageProps {
  panes: Panes
  onPanes: (change: Partial<Panes>) => void
}

/** Several consoles on one page, beside each other or as tabs. Each is its own: what ends one leaves the others. */
export function ConsolesPage({ panes, onPanes }: ConsolesPageProps) {
  const { servers, layout, at, adds } = panes
  const t = useTranslations('consoles')
  const words = useTranslations('console')
  const hasKeys = useHasKeys()
  const narrow = useNarrow()
  const stacked = narrow || layout === 'tabs'
  const [focused, setFocused] = useState(at)
  const front = focused !== null && servers.includes(focused) ? focused : at
  const { data: server } = useQuery({ ...serverQuery(front ?? ''), enabled: front !== null })
  const name = front === null ? undefined : (server?.name ?? front)
  const [several] = useState(() => new Several<OpenConsole>())
  const { chosen } = useSyncExternalStore(several.subscribe, several.getSnapshot)
  const handles = useRef(new Map<string, PaneHandle>())
  const [statuses, setStatuses] = useState<ReadonlyMap<string, LineStatus>>(new Map())
  const [bar, setBar] = useState<HTMLElement | null>(null)
  const [foot, setFoot] = useState<HTMLElement | null>(null)
  const inView = stacked ? servers.filter((id) => id === front) : servers
  const gpu = gpuShare(inView, front)
  useGround()
  useEffect(() => {
    document.title = `${name === undefined ? t('title') : `${name} · ${t('count', { count: servers.length })}`} · BMS Console`
  }, [t, name, servers.length])

  const focus = (id: string | null) => handles.current.get(id ?? '')?.open.terminal.focus()
  /** The terminal that gets the focus with the next drawing: until then it may be hidden. */
  const next = useRef<string | null>(null)
  useEffect(() => {
    if (next.current !== null) focus(next.current)
    next.current = null
  })
  const toFront = (id: string | null, change: Partial<Panes> = {}) => {
    setFocused(id)
    const inAddress = change.layout === 'tabs' || (stacked && change.layout === undefined) ? id : at
    if (inAddress !== at || Object.keys(change).length > 0) onPanes({ at: inAddress, ...change })
  }
  const onLayout = (to: Layout) => {
    next.current = front
    toFront(front, { layout: to })
  }
  const onClose = (id: string) => {
    const then = front === id ? frontWithout(servers, id) : front
    // Its console asks by itself, where somebody is logged in. Then it stays in front.
    onPanes({ servers: servers.filter((each) => each !== id), at: then })
  }
  const onLeave = (id: string) => {
    const after = inView[inView.indexOf(id) + 1]
    if (after === undefined) document.getElementById('leave-terminal')?.focus()
    else focus(after)
  }
  /** Asks each console whose shell would be left open, one after the other. */
  const leaveAll = (then: () => void) =>
    [...handles.current.values()].reduceRight<() => void>(
      (proceed, { leave }) =>
        () =>
          leave(proceed),
      () => {
        // What follows ends the lines anyway. Disconnecting first avoids a second question about leaving.
        for (const { open } of handles.current.values()) open.session.disconnect()
        then()
      },
    )()
  const before = useRef(front)
  useEffect(() => {
    // The one that was closed had the focus.
    if (before.current !== null && !servers.includes(before.current)) focus(front)
    before.current = front
  })

  return (
    <div className={`${consoles.page} ${styles.page}`}>
      <header className={consoles.bar}>
        <ListLink className="icon" title={words('back')} id="leave-terminal">
          <ArrowLeft size={18} aria-hidden />
        </ListLink>
        <div className={`${consoles.identity} ${styles.identity}`}>
          <h1 title={name}>{name ?? t('title')}</h1>
          <p>{t('count', { count: servers.length })}</p>
        </div>
        <div className={styles.slot} ref={setBar} />
        <User compact leave={leaveAll} onFocus={() => focus(front)} />
      </header>
      {servers.length > 0 && (
        <nav className={styles.strip} aria-label={t('layout')}>
          {stacked && (
            <PaneTabs
              servers={servers}
              front={front}
              takes={chosen}
              statusOf={(id) => statuses.get(id) ?? null}
              onFront={(id, byKey) => {
                if (!byKey) next.current = id
                toFront(id)
              }}
            />
          )}
          <span className={styles.room} />
          <button
            type="button"
            className="tool"
            aria-label={t('add')}
            disabled={servers.length >= MOST_CONSOLES}
            title={servers.length >= MOST_CONSOLES ? t('full', { most: MOST_CONSOLES }) : t('add')}
            onClick={() => onPanes({ adds: true })}
          >
            <Plus size={16} aria-hidden /> <span className={styles.word}>{t('add')}</span>
          </button>
          {servers.length > 1 && (
            <button
              type="button"
              className="tool"
              aria-pressed={chosen !== null}
              aria-label={t('several')}
              title={t('severalTitle')}
              onClick={() => {
                if (chosen) several.end()
                else several.begin(front === null ? [] : [front])
                focus(front)
              }}
            >
              <Keyboard size={16} aria-hidden /> <span className={styles.word}>{t('several')}</span>
            </button>
          )}
          {!narrow && (
            // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form's fields
            <div role="group" aria-label={t('layout')} className={styles.layouts}>
              {(['grid', 'tabs'] as const).map((each) => (
                <button
                  key={each}
                  type="button"
                  className="tool"
                  aria-pressed={layout === each}
                  onClick={() => onLayout(each)}
                >
                  {each === 'grid' ? (
                    <LayoutGrid size={15} aria-hidden />
                  ) : (
                    <Columns2 size={15} aria-hidden />
                  )}
                  {t(each)}
                </button>
              ))}
            </div>
          )}
        </nav>
      )}
      <SeveralBand several={several} servers={servers} onFocus={() => focus(front)} />
      <main className={styles.main} id="content">
        {servers.length === 0 ? (
          <NoConsoles onOpen={(chosen) => onPanes({ servers: chosen, at: chosen[0] ?? null, adds: false })} />
        ) : (
          <PaneGrid servers={servers} stacked={stacked}>
            {(id) => (
              <Anew>
                <ConsolePane
                  serverId={id}
                  front={id === front}
                  hidden={stacked && id !== front}
                  gpu={gpu.has(id)}
                  slots={{ bar, foot }}
                  several={several}
                  onAlone={
                    stacked || servers.length === 1
                      ? null
                      : () => {
                          next.current = id
                          toFront(id, { layout: 'tabs' })
                        }
                  }
                  onFront={() => {
                    if (id !== front) toFront(id)
                  }}
                  onClose={() => onClose(id)}
                  onLeave={() => onLeave(id)}
                  onHandle={(handle) => {
                    if (handle) handles.current.set(id, handle)
                    else handles.current.delete(id)
                  }}
                  onStatus={(status) =>
                    setStatuses((all) => {
                      const changed = new Map(all)
                      if (status) changed.set(id, status)
                      else changed.delete(id)
                      return changed
                    })
                  }
                />
              </Anew>
            )}
          </PaneGrid>
        )}
      </main>
      <footer className={styles.foot}>
        <span id={LEAVE_HINT}>{hasKeys && servers.length > 0 && t('leaveHint')}</span>
        <div className={styles.slot} ref={setFoot} />
      </footer>
      {adds && servers.length > 0 && (
        <AddDialog
          open={servers}
          onCancel={() => onPanes({ adds: false })}
          onAdd={(chosen) => {
            next.current = null
            setFocused(chosen[0] ?? front)
            onPanes({ servers: [...servers, ...chosen], at: chosen[0] ?? front, adds: false })
          }}
          onFocus={() => focus(front)}
        />
      )}
    </div>
  )
}
