import { useTranslations } from 'use-intl'
import type { Server } from '../../shared/server.ts'
import type { ServerFacts } from '../../shared/server-facts.ts'
import list from '../ui/list.module.css'
import { CopyButton } from './copy-button.tsx'
import { FactList } from './fact-list.tsx'
import { Section } from './section.tsx'
import styles from './server-page.module.css'
import { useFacts } from './use-facts.ts'

/** The network cards with their addresses, and the security groups. */
export function Network({ server, facts }: { server: Server; facts: ServerFacts | undefined }) {
  const t = useTranslations('server')
  const { plain } = useFacts()
  const groups = facts?.securityGroups ?? []
  const access = plain(facts, (fact) => fact === 'accessIPv4' || fact === 'accessIPv6')
  // A cloud that tells no more than the list still tells the addresses.
  const nics = facts?.nics ?? [
    {
      network: '',
      addresses: server.addresses.map(({ address, version, kind }) => ({ address, version, kind })),
    },
  ]
  return (
    <Section id="network">
      {nics.map((nic, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a card without a port has no identity but its place
        <div key={index} className={styles.nic}>
          <h3>{t('nic', { number: index + 1 })}</h3>
          <FactList
            facts={[
              ...(nic.mac ? [{ label: t('mac'), value: nic.mac, kind: 'code' as const }] : []),
              ...(nic.network
                ? [{ label: t('networkName'), value: nic.network, kind: 'code' as const }]
                : []),
              ...(nic.port ? [{ label: t('port'), value: nic.port, kind: 'code' as const }] : []),
            ]}
          />
          <ul className={styles.addresses}>
            {nic.addresses.map(({ address, version, kind }) => (
              <li key={`${address} ${kind}`}>
                <span className={styles.mono}>{address}</span>
                <CopyButton label={address} text={address} />
                <span className={list.dim}>{t(`kinds.${kind}`, { version })}</span>
              </li>
            ))}
          </ul>
        </div>
      ))}
      {access.length > 0 && <FactList facts={access} />}
      {groups.length > 0 && (
        <>
          <h3>{t('securityGroups')}</h3>
          <ul className={styles.chips}>
            {groups.map(({ name, id }) => (
              <li key={id ?? name} title={id}>
                {name} <CopyButton label={name} text={id ?? name} />
              </li>
            ))}
          </ul>
        </>
      )}
    </Section>
  )
}
