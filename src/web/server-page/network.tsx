import { useTranslations } from 'use-intl'
import type { Server } from '../../shared/server.ts'
import type { ServerFacts } from '../../shared/server-facts.ts'
import list from '../ui/list.module.css'
import { shownNics } from './attached.ts'
import { CopyButton } from './copy-button.tsx'
import { type Fact, FactList } from './fact-list.tsx'
import { Section } from './section.tsx'
import styles from './server-page.module.css'
import { Untold } from './untold.tsx'
import type { Attachments } from './use-attachments.ts'
import { useFacts } from './use-facts.ts'

interface NetworkProps {
  server: Server
  facts: ServerFacts | undefined
  attachments: Attachments
}

/** The network cards with their addresses, and the security groups. */
export function Network({ server, facts, attachments }: NetworkProps) {
  const t = useTranslations('server')
  const { plain } = useFacts()
  const groups = facts?.securityGroups ?? []
  const access = plain(facts, (fact) => fact === 'accessIPv4' || fact === 'accessIPv6')
  // A cloud that tells no more than the list still tells the addresses.
  const known = facts?.nics ?? [
    {
      network: '',
      addresses: server.addresses.map(({ address, version, kind }) => ({ address, version, kind })),
    },
  ]
  const nics = shownNics(known, attachments.nics)
  const code = (label: string, value: string | undefined): Fact[] =>
    value ? [{ label, value, kind: 'code' }] : []
  return (
    <Section id="network">
      {nics.map(({ mac, port, network, more, addresses }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a card without a port has no identity but its place
        <div key={index} className={styles.nic}>
          <h3>{t('nic', { number: index + 1 })}</h3>
          <FactList
            facts={[
              ...code(t('mac'), mac),
              ...code(t('portState'), more?.state),
              ...code(t('networkName'), network),
              ...code(t('networkId'), more?.network === network ? undefined : more?.network),
              ...code(t('port'), port),
              ...code(t('driver'), more?.driver),
              ...code(t('pci'), more?.pci),
              ...code(t('deviceTag'), more?.tag),
            ]}
          />
          <ul className={styles.addresses}>
            {addresses.map(({ address, version, kind, subnet }) => (
              <li key={`${address} ${kind}`}>
                <span className={styles.mono}>{address}</span>
                <CopyButton label={address} text={address} />
                {kind && version && <span className={list.dim}>{t(`kinds.${kind}`, { version })}</span>}
                {subnet && (
                  <span className={`${list.dim} ${styles.cell} ${styles.subnet}`}>
                    {t('subnet', { id: subnet })}{' '}
                    <CopyButton label={t('subnetOf', { address })} text={subnet} />
                  </span>
                )}
              </li>
            ))}
          </ul>
        </div>
      ))}
      {attachments.untold.nics && (
        <Untold what="nics" failure={attachments.untold.nics} onRetry={attachments.retry} />
      )}
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
