import { type ComponentType, useState } from 'react'
import { useTranslations } from 'use-intl'
import { enSendKeys } from '../../locales/en-send-keys.ts'
import { withWords } from '../../locales/more-words.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { type OpenConsole, useSession } from '../use-console.ts'
import { type GraveSysrqKey, isGrave, type SysrqKey } from './keys.ts'

/** A part that loads later, with the words of keys that are sent. Words of their own file would load by themselves. */
export const withKeyWords = <P extends object>(Part: ComponentType<P>) =>
  withWords({ sendKeys: enSendKeys }, Part)

/**
 * Sends SysRq commands, and asks before one that ends everybody's work on the server.
 * Its users come by `withKeyWords`.
 * @returns `choose` sends or asks; null where the line takes no SysRq. `dialog` has to be rendered.
 */
export function useSysrq({ session, terminal }: OpenConsole) {
  const { sysrq } = useSession(session)
  const [asked, setAsked] = useState<GraveSysrqKey | null>(null)
  const send = (key: SysrqKey) => {
    if (sysrq) session.sendText(sysrq.sequence + key)
  }
  const choose = (key: SysrqKey) => (isGrave(key) ? setAsked(key) : send(key))
  const dialog = asked !== null && (
    <SysrqDialog
      asked={asked}
      onCancel={() => setAsked(null)}
      onConfirm={() => {
        setAsked(null)
        send(asked)
      }}
      onFocus={() => terminal.focus()}
    />
  )
  return { choose: sysrq ? choose : null, dialog }
}

interface SysrqDialogProps {
  asked: GraveSysrqKey
  onCancel: () => void
  onConfirm: () => void
  onFocus: () => void
}

function SysrqDialog({ asked, onCancel, onConfirm, onFocus }: SysrqDialogProps) {
  const t = useTranslations('sendKeys')
  const action = t(`sysrq.${asked}`).replace(/\s?…/, '')
  return (
    <Dialog
      open
      title={t('ask', { action, key: asked })}
      description={t(`lost.${asked}`)}
      onCancel={onCancel}
      onFocus={onFocus}
      actions={
        <button type="button" className="button danger" onClick={onConfirm}>
          {action}
        </button>
      }
    />
  )
}
