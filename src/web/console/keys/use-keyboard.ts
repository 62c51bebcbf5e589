import { useEffect, useSyncExternalStore } from 'react'
import { useTranslations } from 'use-intl'
import { encodingNames } from '../../settings/line-encoding.ts'
import { useServerSettings } from '../../settings/server-settings.ts'
import { encodingOf } from '../encoding/encodings.ts'
import { hasKeyboard } from '../session/viewers.ts'
import { type OpenConsole, useSession } from '../use-console.ts'
import type { Keyboard } from './keyboard.ts'

/** What is held on the screen, and what was typed and has to be asked about. */
export const useKeyboard = (keyboard: Keyboard) =>
  useSyncExternalStore(keyboard.subscribe, keyboard.getSnapshot)

/** Types as this server expects it, and says what its line cannot carry. */
export function useKeyboardSettings(
  { session, terminal: { keyboard } }: OpenConsole,
  serverId: string,
  announce: (sentence: string) => void,
): void {
  const t = useTranslations('console.keyboard')
  const { keyboard: settings, encoding } = useServerSettings(serverId)
  const { state, viewers } = useSession(session)
  const mayWrite = hasKeyboard(viewers)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change of the line or of its writer is a reason for doubt
  useEffect(() => keyboard.doubtPlace(), [keyboard, state.kind, mayWrite])
  useEffect(() => {
    keyboard.settings = settings
  }, [keyboard, settings])
  useEffect(() => {
    keyboard.encoding = encodingOf(encoding)
  }, [keyboard, encoding])
  useEffect(() => {
    keyboard.onRefused = (refused) => {
      const characters = [...refused].slice(0, 20).join('')
      const encoding = encodingNames[keyboard.encoding.name]
      announce(
        keyboard.settings.sevenBit ? t('refused', { characters }) : t('lacking', { characters, encoding }),
      )
    }
  }, [keyboard, announce, t])
}
