import * as Menu from '@radix-ui/react-dropdown-menu'
import { Link } from '@tanstack/react-router'
import { Copy, FileText, History, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import type { Server } from '../../../shared/server.ts'
import { enList } from '../../locales/en-list.ts'
import { MoreWords } from '../../locales/more-words.tsx'
import { Power } from '../../power/power.tsx'
import { PowerForMany } from '../../power/power-for-many.tsx'
import { copyText } from '../../ui/clipboard.ts'
import { MenuContent } from '../../ui/menu-content.tsx'
import styles from './selection-bar.module.css'

interface SelectionBarProps {
  /** The selected ones. Not all of them need be among the shown rows. */
  servers: readonly Server[]
  shown: readonly Server[]
  /** What servers print is kept, and this user may read it. */
  history: boolean
  announce: (sentence: string) => void
  onClear: () => void
}

/** What can be done with the selected servers. It lies at the lower edge, so that no row moves when it comes. */
export default function SelectionBar(props: SelectionBarProps) {
  return (
    <MoreWords english={{ list: enList }}>
      <Bar {...props} />
    </MoreWords>
  )
}

const copied = {
  ids: ({ id }: Server) => [id],
  names: ({ name }: Server) => [name],
  addresses: ({ addresses }: Server) => addresses.map(({ address }) => address),
}

function Bar({ servers: selected, shown, history, announce, onClear }: SelectionBarProps) {
  const t = useTranslations('list')
  const servers = useTranslations('servers')
  const [only, ...others] = selected
  const one = others.length === 0 ? only : undefined
  const ids = new Set(shown.map(({ id }) => id))
  const hidden = selected.filter(({ id }) => !ids.has(id)).length
  const copy = async (what: keyof typeof copied) => {
    const lines = selected.flatMap(copied[what])
    const done = lines.length > 0 && (await copyText(lines.join('\n')))
    announce(
      t(done ? `copied.${what}` : lines.length > 0 ? 'notCopied' : 'nothingToCopy', { count: lines.length }),
    )
  }
  return (
    <section className={styles.bar} aria-label={t('selection')} data-lower-edge>
      <p role="status">
        {t('selected', { count: selected.length })}
        {hidden > 0 && <small>{t('hidden', { count: hidden })}</small>}
      </p>
      <Menu.Root modal={false}>
        <Menu.Trigger asChild>
          <button type="button" className="tool" aria-label={t('copy')}>
            <Copy size={16} aria-hidden /> <span className={styles.word}>{t('copy')}</span>
          </button>
        </Menu.Trigger>
        <MenuContent byKeyboard={false}>
          {(['ids', 'names', 'addresses'] as const).map((what) => (
            <Menu.Item key={what} className="menuItem" onSelect={() => void copy(what)}>
              {t(what)}
            </Menu.Item>
          ))}
        </MenuContent>
      </Menu.Root>
      {one && (
        <Way to="/servers/$serverId" id={one.id} label={servers('pageOf', { name: one.name })}>
          <FileText size={16} aria-hidden /> <span className={styles.word}>{t('page')}</span>
        </Way>
      )}
      {one && history && (
        <Way to="/servers/$serverId/history" id={one.id} label={t('historyOf', { name: one.name })}>
          <History size={16} aria-hidden /> <span className={styles.word}>{t('history')}</span>
        </Way>
      )}
      {others.length > 0 && <PowerForMany servers={selected} />}
      {one && <Power key={one.id} server={one} worded announce={announce} />}
      <button type="button" className="icon" aria-label={t('clear')} title={t('clear')} onClick={onClear}>
        <X size={17} aria-hidden />
      </button>
    </section>
  )
}

interface WayProps {
  to: '/servers/$serverId' | '/servers/$serverId/history'
  id: string
  label: string
  children: ReactNode
}

/** Leads to one of the server's pages. */
const Way = ({ to, id, label, children }: WayProps) => (
  <Link to={to} params={{ serverId: id }} className="tool" aria-label={label}>
    {children}
  </Link>
)
