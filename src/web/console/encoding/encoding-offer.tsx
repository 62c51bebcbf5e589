import { Languages } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { encodingNames, lineEncodings } from '../../settings/line-encoding.ts'
import { serverSettings, useServerSettings } from '../../settings/server-settings.ts'
import { Notice } from '../../ui/notice.tsx'
import styles from '../console.module.css'
import { type OpenConsole, useSession } from '../use-console.ts'
import choice from './encoding.module.css'
import { useChooseEncoding } from './use-encoding.ts'

interface EncodingOfferProps {
  open: OpenConsole
  serverId: string
  announce: (sentence: string) => void
}

/** Says once that the line does not look like UTF-8, as long as nobody has chosen an encoding for this server. */
export function EncodingOffer({ open, serverId, announce }: EncodingOfferProps) {
  const t = useTranslations('encoding')
  const { notUtf8 } = useSession(open.session)
  const { encoding } = useServerSettings(serverId)
  const choose = useChooseEncoding(open, serverId, announce)
  const [picked, setPicked] = useState('')
  const offered = notUtf8 && encoding === null
  const title = offered ? t('offer') : ''
  const name = lineEncodings.find((one) => one === picked)
  return (
    <div className={styles.notice}>
      <p role="status" className="unseen">
        {title && `${title}. ${t('offerNext')}`}
      </p>
      {title && (
        <Notice Icon={Languages} tone="info" title={title} next={t('offerNext')}>
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
              if (name) choose(name)
              open.terminal.focus()
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
      )}
    </div>
  )
}
