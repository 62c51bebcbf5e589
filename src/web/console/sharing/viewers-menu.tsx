import * as Menu from '@radix-ui/react-dropdown-menu'
import { Keyboard, KeyboardOff, Unplug, UserRound } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import { useTranslations } from 'use-intl'
import type { Viewer } from '../../../shared/relay-protocol.ts'
import { enSharing } from '../../locales/en-sharing.ts'
import { withWords } from '../../locales/more-words.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { MenuContent } from '../../ui/menu-content.tsx'
import type { OnDemand } from '../../ui/on-demand.ts'
import styles from '../console.module.css'
import { hasKeyboard, nameOf, writerOf } from '../session/viewers.ts'
import { useSession } from '../use-console.ts'
import { useViewerName } from './viewer-name.ts'
import { ViewersButton, type ViewersProps } from './viewers-button.tsx'

/** Lists the line's viewers. Here the keyboard is taken, handed over and released, and the line is ended for all. */
function ViewersMenu(props: ViewersProps & OnDemand) {
  const { session, viewers, onEnd, onFocus, byKeyboard } = props
  const t = useTranslations('sharing')
  const common = useTranslations('console')
  const list = useId()
  const viewerName = useViewerName()
  const { may } = useSession(session)
  const { you, all } = viewers
  const mine = hasKeyboard(viewers)
  const writer = writerOf(viewers)
  return (
    <Menu.Root modal={false} defaultOpen>
      <Menu.Trigger asChild>
        <ViewersButton count={all.length} />
      </Menu.Trigger>
      <MenuContent byKeyboard={byKeyboard} onFocus={onFocus} aria-describedby={list}>
        <Menu.Label className="menuLabel">{t('onThisLine')}</Menu.Label>
        <div id={list}>
          {all.map((viewer) => (
            <ViewerRow
              key={viewer.id}
              viewer={viewer}
              name={viewerName(nameOf(viewer, all))}
              you={viewer.id === you}
              onHand={
                mine && viewer.id !== you && viewer.mayWrite ? () => session.handKeyboard(viewer.id) : null
              }
            />
          ))}
        </div>
        <Menu.Separator className="menuLine" />
        {mine ? (
          <Item onSelect={session.releaseKeyboard} icon={<KeyboardOff size={16} aria-hidden />}>
            {t('releaseKeyboard')}
          </Item>
        ) : (
          <Item
            onSelect={session.takeKeyboard}
            disabled={may?.write === false ? common('watchOnly') : null}
            icon={<Keyboard size={16} aria-hidden />}
          >
            {writer ? t('takeFrom', { name: viewerName(nameOf(writer, all)) }) : common('takeKeyboard')}
          </Item>
        )}
        {(may?.end || (may?.write && all.some(({ id, owner }) => owner && id === you))) && (
          <Item danger onSelect={onEnd} icon={<Unplug size={16} aria-hidden />}>
            {t('endForAll')}
          </Item>
        )}
      </MenuContent>
    </Menu.Root>
  )
}

interface ItemProps {
  onSelect: () => void
  /** Why the item cannot be chosen. Null: it can. */
  disabled?: string | null
  /** It ends other people's work. */
  danger?: boolean
  icon: ReactNode
  children: ReactNode
}

const Item = ({ onSelect, disabled = null, danger = false, icon, children }: ItemProps) => (
  <Menu.Item
    className={danger ? 'menuItem danger' : 'menuItem'}
    disabled={disabled !== null}
    onSelect={onSelect}
  >
    {icon}
    <span>
      {children}
      {disabled !== null && <small className="why">{disabled}</small>}
    </span>
  </Menu.Item>
)

interface ViewerRowProps {
  viewer: Viewer
  name: string
  you: boolean
  onHand: (() => void) | null
}

/** One viewer with its marks. If we may hand over the keyboard to it, a click on the row does so. */
function ViewerRow({ viewer, name, you, onHand }: ViewerRowProps) {
  const t = useTranslations('sharing')
  const common = useTranslations('console')
  const words = (
    <>
      <UserRound size={16} aria-hidden />
      <span>
        <span className={styles.who} title={name}>
          {you ? common('you', { name }) : name}
        </span>
        {viewer.owner && <span className={styles.mark}>{t('owner')}</span>}
        {!viewer.mayWrite && <span className={styles.mark}>{t('watches')}</span>}
      </span>
      {viewer.role === 'writer' && (
        <span className={`end ${styles.writer}`}>
          <Keyboard size={17} aria-hidden />
          <span className="unseen">{common('hasKeyboard')}</span>
        </span>
      )}
    </>
  )
  if (!onHand) return <div className="menuItem">{words}</div>
  return (
    <Menu.Item
      className="menuItem"
      aria-label={t('handTo', { name: viewer.owner ? `${name} (${t('owner')})` : name })}
      onSelect={onHand}
    >
      {words}
      <small>{t('hand')}</small>
    </Menu.Item>
  )
}

export interface EndDialogProps {
  name: string
  /** How many viewers there are besides us. */
  others: number
  onCancel: () => void
  onConfirm: () => void
  onFocus: () => void
}

/** Says what ending a shared console does before it is ended. */
function EndQuestion({ name, others, onCancel, onConfirm, onFocus }: EndDialogProps) {
  const t = useTranslations('sharing')
  return (
    <Dialog
      open
      title={t('endTitle')}
      description={t('endWarning', { name, others })}
      onCancel={onCancel}
      onFocus={onFocus}
      actions={
        <button type="button" className="button danger" onClick={onConfirm}>
          {t('end')}
        </button>
      }
    />
  )
}

/** Only an item of the menu asks for it, so it comes with the menu. */
export const EndDialog = withWords({ sharing: enSharing }, EndQuestion)
export default withWords({ sharing: enSharing }, ViewersMenu)
