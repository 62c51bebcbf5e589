import { useTranslations } from 'use-intl'
import { type EncodingName, encodingNames } from '../../settings/line-encoding.ts'
import { serverSettings } from '../../settings/server-settings.ts'
import type { OpenConsole } from '../use-console.ts'

/** Reads and types this server's line so from here on, and says what becomes of what is shown already. */
export function useChooseEncoding(
  { session }: OpenConsole,
  serverId: string,
  announce: (sentence: string) => void,
): (name: EncodingName) => void {
  const t = useTranslations('encoding')
  return (name) => {
    serverSettings.set(serverId, { encoding: name })
    const encoding = encodingNames[name]
    // A relay has the bytes, and shows them anew to a page that comes.
    const again = session.getSnapshot().transport === 'relay'
    announce(t(again ? 'chosenReload' : 'chosen', { encoding }))
  }
}
