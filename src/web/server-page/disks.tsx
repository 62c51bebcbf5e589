import { useTranslations } from 'use-intl'
import type { ServerFacts } from '../../shared/server-facts.ts'
import list from '../ui/list.module.css'
import { CopyButton } from './copy-button.tsx'
import { FactList } from './fact-list.tsx'
import { Section } from './section.tsx'
import styles from './server-page.module.css'
import { useFacts } from './use-facts.ts'

/** The volumes that are attached, and the device of the root. */
export function Disks({ facts }: { facts: ServerFacts }) {
  const t = useTranslations('server')
  const { plain } = useFacts()
  const root = plain(facts, (fact) => fact === 'rootDevice')
  return (
    <Section id="disks">
      {root.length > 0 && <FactList facts={root} />}
      {facts.disks.length === 0 ? (
        <p className={list.dim}>{t('noVolumes')}</p>
      ) : (
        <table className={`${list.table} ${styles.table}`}>
          <thead>
            <tr>
              <th scope="col">{t('volume')}</th>
              <th scope="col">{t('device')}</th>
              <th scope="col">{t('volumeUse')}</th>
              <th scope="col">{t('whenDeleted')}</th>
            </tr>
          </thead>
          <tbody>
            {facts.disks.map(({ id, device, boot, deletedWithServer }) => (
              <tr key={id} className={`${list.row} ${list.card}`}>
                <th scope="row" data-label={t('volume')} className={styles.mono}>
                  <span className={styles.cell}>
                    {id} <CopyButton label={id} text={id} />
                  </span>
                </th>
                <td data-label={t('device')} data-none={device === undefined} className={styles.mono}>
                  {device && (
                    <span className={styles.cell}>
                      {device} <CopyButton label={device} text={device} />
                    </span>
                  )}
                </td>
                <td data-label={t('volumeUse')} data-none={boot === undefined}>
                  {boot !== undefined && t(boot ? 'systemDisk' : 'dataDisk')}
                </td>
                <td data-label={t('whenDeleted')} data-none={deletedWithServer === undefined}>
                  {deletedWithServer !== undefined && t(deletedWithServer ? 'deletedToo' : 'kept')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  )
}
