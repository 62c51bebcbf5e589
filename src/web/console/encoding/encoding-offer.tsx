import { Languages } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { encodingNames, lineEncodings } from '../../settings/line-encoding.ts'
import { serverSettings } from '../../settings/server-settings.ts'
import { Notice } from '../../ui/notice.tsx'
import type { BarContext } from '../bar/bar-item.ts'
import choice from './encoding.module.css'
import { useChooseEncoding } from './use-encoding.ts'

/** Offers the other encodings. */
export default function EncodingOffer(bar: Pick<BarContext, 'open' | 'serverId' | 'announce' | 'show'>) {
  const { open, serverId } = bar
  const t = useTranslations('encoding')
  const choose = useChooseEncoding(bar)
  const [picked, setPicked] = useState('')
  const name = lineEncodings.find((one) => one === picked)
  return (
    <Notice Icon={Languages} tone="info" title={t('offer')} next={t('offerNext')}>
      <select
        className={choice.select}
        aria-label={t('title')}
        value={picked}
        onChange={({ target }) => setPicked(target.value)}
      >
        <option value="">{t('pick')}</option>
        {lineEncodings
          .filter((one) => one !== 'utf-8')
          .map((one) => (
            <option key={one} value={one}>
              {t('option', { name: encodingNames[one], of: t(`of.${one}`) })}
            </option>
          ))}
      </select>
      <button
        type="button"
        className="button primary"
        disabled={!name}
        onClick={() => {
          open.terminal.focus()
          if (name) choose(name)
        }}
      >
        {t('use')}
      </button>
      <button
        type="button"
        className="button"
        onClick={() => {
          serverSettings.set(serverId, { encoding: 'utf-8' })
          open.terminal.focus()
        }}
      >
        {t('keep')}
      </button>
    </Notice>
  )
}
