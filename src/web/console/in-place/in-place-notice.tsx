import { Cable } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { enInPlace } from '../../locales/en-in-place.ts'
import { enWay } from '../../locales/en-way.ts'
import { withWords } from '../../locales/more-words.tsx'
import { Notice } from '../../ui/notice.tsx'
import type { SessionState } from '../session/model.ts'
import type { SessionSnapshot } from '../session/snapshot.ts'

interface InPlaceNoticeProps {
  inPlace: NonNullable<SessionSnapshot['inPlace']>
  line: SessionState['kind']
  onRead: () => void
}

/** Stays until it is read: a line that is not kept looks like any other. */
function InPlaceNotice({ inPlace, line, onRead }: InPlaceNoticeProps) {
  const t = useTranslations('inPlace')
  const causes = useTranslations('causes')
  const [read, setRead] = useState<typeof inPlace | null>(null)
  const shown =
    inPlace.way === 'direct'
      ? (line === 'silent' || line === 'live') && read === null
      : line === 'recovering' && read !== inPlace
  const [title, next] =
    inPlace.way === 'direct'
      ? [t('direct'), t('directNext')]
      : [t('none'), `${causes(`${inPlace.why}.title`)}. ${t('noneNext')}`]
  return (
    <>
      <p role="status" className="unseen">
        {shown && `${title}. ${next}`}
      </p>
      {shown && (
        <Notice
          Icon={Cable}
          tone="info"
          title={title}
          next={next}
          details={inPlace.way === 'direct' && <Why fault={inPlace.unreached} />}
        >
          <button
            type="button"
            className="button"
            onClick={() => {
              setRead(inPlace)
              onRead()
            }}
          >
            {t('read')}
          </button>
        </Notice>
      )}
    </>
  )
}

/** What stands between the server and the gateway: somebody may want to mend it. */
function Why({ fault }: { fault: string }) {
  const t = useTranslations('inPlace')
  const way = useTranslations('way')
  const known = isKnown(fault)
  return (
    <details>
      <summary>{t('why')}</summary>
      <p>{known ? way(fault) : fault}</p>
    </details>
  )
}

/** A newer server knows more. */
const isKnown = (fault: string): fault is keyof typeof enWay => Object.hasOwn(enWay, fault)

export default withWords({ inPlace: enInPlace, way: enWay }, InPlaceNotice)
