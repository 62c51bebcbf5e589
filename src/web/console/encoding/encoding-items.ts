import { Languages } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { encodingNames, lineEncodings } from '../../settings/line-encoding.ts'
import { useServerSettings } from '../../settings/server-settings.ts'
import type { BarContext, Choice } from '../bar/bar-item.ts'
import { useChooseEncoding } from './use-encoding.ts'

/** How this server's line is read and typed. */
export function useEncodingItems(bar: Pick<BarContext, 'open' | 'serverId' | 'announce' | 'show'>): [Choice] {
  const t = useTranslations('encoding')
  const { encoding, keyboard } = useServerSettings(bar.serverId)
  const choose = useChooseEncoding(bar)
  const value = encoding ?? 'utf-8'
  return [
    {
      kind: 'choice',
      label: t('title'),
      Icon: Languages,
      disabled: keyboard.sevenBit ? t('sevenBit') : undefined,
      options: lineEncodings.map((name) => ({
        value: name,
        label: t('option', { name: encodingNames[name], of: t(`of.${name}`) }),
      })),
      value,
      choose(chosen) {
        const name = lineEncodings.find((one) => one === chosen)
        if (name && name !== value) choose(name)
      },
    },
  ]
}
