import { useTranslations } from 'use-intl'
import { useServerSettings } from '../../settings/server-settings.ts'
import { part } from '../../ui/part.tsx'
import type { BarContext } from '../bar/bar-item.ts'
import { useDialog } from '../bar/use-dialog.tsx'
import styles from '../console.module.css'
import { useSession } from '../use-console.ts'

const EncodingOffer = part(() => import('./encoding-offer.tsx'))

/** Says once that the line does not look like UTF-8, as long as nobody has chosen an encoding for this server. */
export function EncodingDoubt(props: Pick<BarContext, 'open' | 'serverId' | 'announce'>) {
  const { open, serverId } = props
  const t = useTranslations('encoding')
  const { notUtf8 } = useSession(open.session)
  const { encoding } = useServerSettings(serverId)
  // The question after the choice outlives the offer.
  const { dialog, show } = useDialog(open, serverId)
  const isOffered = notUtf8 && encoding === null
  return (
    <div className={styles.notice}>
      <p role="status" className="unseen">
        {isOffered && `${t('offer')}. ${t('offerNext')}`}
      </p>
      {isOffered && <EncodingOffer {...props} show={show} />}
      {dialog}
    </div>
  )
}
