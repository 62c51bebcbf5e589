import type { ReactNode } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import type { ServerFacts } from '../../shared/server-facts.ts'
import list from '../ui/list.module.css'
import { type ShownDisk, shownDisks } from './attached.ts'
import { CopyButton } from './copy-button.tsx'
import { FactList } from './fact-list.tsx'
import { Section } from './section.tsx'
import styles from './server-page.module.css'
import { Untold } from './untold.tsx'
import type { Attachments } from './use-attachments.ts'
import { useFacts } from './use-facts.ts'

/** The volumes that are attached, and the device of the root. */
export function Disks({ facts, attachments }: { facts: ServerFacts; attachments: Attachments }) {
  const t = useTranslations('server')
  const { plain } = useFacts()
  const root = plain(facts, (fact) => fact === 'rootDevice')
  const disks = shownDisks(facts.disks, attachments.volumes)
  const { volumes, details } = attachments.untold
  return (
    <Section id="disks">
      {root.length > 0 && <FactList facts={root} />}
      {disks.length > 0 && <Table disks={disks} />}
      {/* Where the volumes are not told, an empty list proves nothing. */}
      {disks.length === 0 && !volumes && <p className={list.dim}>{t('noVolumes')}</p>}
      {volumes && <Untold what="volumes" failure={volumes} onRetry={attachments.retry} />}
      {details && <Untold what="details" failure={details} onRetry={attachments.retry} />}
    </Section>
  )
}

function Table({ disks }: { disks: readonly ShownDisk[] }) {
  const t = useTranslations('server')
  const format = useFormatter()
  const detailed = disks.some(({ detail }) => detail)
  // Nova does not say which volume a server starts from. A column without a word tells nobody anything.
  const used = disks.some(({ boot }) => boot !== undefined)
  const ending = disks.some(({ deletedWithServer }) => deletedWithServer !== undefined)
  return (
    <table className={`${list.table} ${styles.table}`}>
      <thead>
        <tr>
          <th scope="col">{t('volume')}</th>
          {detailed && <th scope="col">{t('size')}</th>}
          {detailed && <th scope="col">{t('volumeStatus')}</th>}
          <th scope="col">{t('device')}</th>
          {used && <th scope="col">{t('volumeUse')}</th>}
          {ending && <th scope="col">{t('whenDeleted')}</th>}
        </tr>
      </thead>
      <tbody>
        {disks.map(({ id, device, tag, boot, deletedWithServer, detail }) => (
          <tr key={id} className={`${list.row} ${list.card}`}>
            <th scope="row" data-label={t('volume')} title={detail?.description}>
              <span className={styles.two}>
                {detail?.name && <span>{detail.name}</span>}
                <span className={`${styles.cell} ${styles.mono}`}>
                  {id} <CopyButton label={id} text={id} />
                </span>
              </span>
            </th>
            {detailed && (
              <Cell label={t('size')} below={detail?.type}>
                {detail?.sizeGiB !== undefined && t('gib', { size: format.number(detail.sizeGiB) })}
              </Cell>
            )}
            {detailed && (
              <Cell
                label={t('volumeStatus')}
                below={[detail?.encrypted && t('encrypted'), detail?.shared && t('sharedVolume')]
                  .filter(Boolean)
                  .join(', ')}
              >
                {detail?.status}
              </Cell>
            )}
            <Cell label={t('device')} below={tag}>
              {device && (
                <span className={`${styles.cell} ${styles.mono}`}>
                  {device} <CopyButton label={device} text={device} />
                </span>
              )}
            </Cell>
            {used && (
              <Cell label={t('volumeUse')}>{boot !== undefined && t(boot ? 'systemDisk' : 'dataDisk')}</Cell>
            )}
            {ending && (
              <Cell label={t('whenDeleted')}>
                {deletedWithServer !== undefined && t(deletedWithServer ? 'deletedToo' : 'kept')}
              </Cell>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** @param below in a second, quieter line */
function Cell({
  label,
  below,
  children,
}: {
  label: string
  below?: string | undefined
  children: ReactNode
}) {
  return (
    <td data-label={label} data-none={!children && !below}>
      <span className={styles.two}>
        {children}
        {below && <span className={list.dim}>{below}</span>}
      </span>
    </td>
  )
}
