import { useTranslations } from 'use-intl'
import type { TerminalColours } from '../../settings/terminal-colours.ts'
import styles from './colours.module.css'

interface OwnColoursProps {
  colours: TerminalColours
  onChange: (colours: TerminalColours) => void
}

const grounds = ['foreground', 'background', 'cursor'] as const
const eight = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const

/** Fields for each of a person's own colours. */
export function OwnColours({ colours, onChange }: OwnColoursProps) {
  const t = useTranslations('colours')
  const ansi = (at: number, value: string) =>
    onChange({ ...colours, ansi: colours.ansi.map((colour, index) => (index === at ? value : colour)) })
  return (
    <>
      <fieldset className={styles.own}>
        <legend className="unseen">{t('names.own')}</legend>
        {grounds.map((name) => (
          <label key={name} className={styles.ground}>
            <input
              type="color"
              value={colours[name]}
              onChange={({ target }) => onChange({ ...colours, [name]: target.value })}
            />
            {t(`grounds.${name}`)}
          </label>
        ))}
      </fieldset>
      <fieldset className={styles.ansi}>
        <legend>{t('ansi')}</legend>
        {(['normal', 'bright'] as const).flatMap((form, bright) =>
          eight.map((name, number) => {
            const label = t(form, { colour: t(`ansiNames.${name}`) })
            const at = bright * 8 + number
            return (
              <input
                key={label}
                type="color"
                aria-label={label}
                title={label}
                value={colours.ansi[at]}
                onChange={({ target }) => ansi(at, target.value)}
              />
            )
          }),
        )}
      </fieldset>
    </>
  )
}
