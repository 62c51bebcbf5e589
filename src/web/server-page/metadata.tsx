import { useTranslations } from 'use-intl'
import type { Server } from '../../shared/server.ts'
import type { ServerFacts } from '../../shared/server-facts.ts'
import { CopyButton } from './copy-button.tsx'
import { FactList } from './fact-list.tsx'
import { Section } from './section.tsx'
import styles from './server-page.module.css'

const groups = ['metadata', 'extraSpecs', 'schedulerHints', 'systemTags'] as const

/** Whether there is anything to show. */
export const hasMetadata = (server: Server, facts: ServerFacts | undefined): boolean =>
  server.tags.length > 0 || groups.some((group) => (facts?.[group].length ?? 0) > 0)

/** Tags, and what people and the cloud have written down by keys. */
export function Metadata({ server, facts }: { server: Server; facts: ServerFacts | undefined }) {
  const t = useTranslations('server')
  return (
    <Section id="metadata">
      {server.tags.length > 0 && (
        <ul className={styles.chips} aria-label={t('tags')}>
          {server.tags.map((tag) => (
            <li key={tag}>
              {tag} <CopyButton label={tag} text={tag} />
            </li>
          ))}
        </ul>
      )}
      {groups.map((group) => {
        const pairs = facts?.[group] ?? []
        if (pairs.length === 0) return null
        return (
          <div key={group}>
            <h3>{t(`pairs.${group}`)}</h3>
            <FactList
              keys
              keptBack={t('keptBack')}
              facts={pairs.map(({ key, value }) => ({ label: key, value, kind: 'code' }))}
            />
          </div>
        )
      })}
    </Section>
  )
}
