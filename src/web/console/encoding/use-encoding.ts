import { useTranslations } from 'use-intl'
import { type EncodingName, encodingNames } from '../../settings/line-encoding.ts'
import { serverSettings } from '../../settings/server-settings.ts'
import type { BarContext } from '../bar/bar-item.ts'

/**
 * Reads and types this server's line so from here on. Where it makes a difference, asks what becomes of what is shown
 * already.
 */
export function useChooseEncoding({
  open: { session, terminal },
  serverId,
  announce,
  show,
}: Pick<BarContext, 'open' | 'serverId' | 'announce' | 'show'>): (name: EncodingName) => void {
  const t = useTranslations('encoding')
  return (name) => {
    serverSettings.set(serverId, { encoding: name })
    // A relay has the bytes. All encodings are one for ASCII.
    const mayDiffer = session.getSnapshot().transport === 'relay' && /[^\0-\x7f]/.test(terminal.transcript())
    if (mayDiffer) show(() => import('./read-again-dialog.tsx'))
    else announce(t('chosen', { encoding: encodingNames[name] }))
  }
}
