import { useTranslations } from 'use-intl'
import { commandsOf } from '../../shared/console-calls.ts'
import type { ConsoleCall } from '../../shared/server-facts.ts'
import list from '../ui/list.module.css'
import { CopyButton } from './copy-button.tsx'
import { Section } from './section.tsx'
import styles from './server-page.module.css'

/** How to ask the cloud for this console without BMS Console. */
export function Calls({ call, serverId }: { call: ConsoleCall; serverId: string }) {
  const t = useTranslations('server')
  return (
    <Section id="api">
      <p className={list.dim}>{t('callsLead')}</p>
      {commandsOf(call, serverId).map(({ kind, text }) => (
        <figure key={kind} className={styles.command}>
          <figcaption>
            <strong>{t(`calls.${kind}.title`)}</strong>
            <span>{t(`calls.${kind}.says`)}</span>
            <CopyButton label={t(`calls.${kind}.title`)} text={text} />
          </figcaption>
          <section
            className={styles.shell}
            aria-label={t(`calls.${kind}.title`)}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
            tabIndex={0}
          >
            <pre>{text}</pre>
          </section>
        </figure>
      ))}
    </Section>
  )
}
