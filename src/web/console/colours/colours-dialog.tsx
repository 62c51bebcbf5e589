import type { CSSProperties } from 'react'
import { useTranslations } from 'use-intl'
import { settings, useSettings, useTheme } from '../../settings/settings.ts'
import { type ColourChoice, colourChoices, type TerminalColours } from '../../settings/terminal-colours.ts'
import { Dialog } from '../../ui/dialog.tsx'
import type { BarDialogProps } from '../bar/bar-item.ts'
import styles from './colours.module.css'
import { contrast } from './contrast.ts'
import { OwnColours } from './own-colours.tsx'
import { palettes } from './palettes.ts'
import { coloursOfPage } from './theme.ts'

/** Chooses the terminal's colours. The terminal behind the dialog shows each choice at once. */
export default function ColoursDialog({ onClose, onFocus }: BarDialogProps) {
  const t = useTranslations('colours')
  const page = coloursOfPage(useTheme())
  const { terminalColours: chosen, ownColours } = useSettings()
  const coloursOf = (choice: ColourChoice): TerminalColours => {
    switch (choice) {
      case 'page':
        return page
      case 'own':
        // The first own ones begin with what is chosen now.
        return ownColours ?? (chosen === 'own' ? page : coloursOf(chosen))
      default:
        return palettes[choice]
    }
  }
  const choose = (choice: ColourChoice) => {
    const own = choice === 'own' ? { ownColours: coloursOf('own') } : {}
    settings.set({ terminalColours: choice, ...own })
  }
  const own = coloursOf('own')
  return (
    <Dialog
      open
      title={t('title')}
      description={t('about')}
      onCancel={onClose}
      onFocus={onFocus}
      actions={null}
      cancel={t('close')}
    >
      <fieldset className={styles.choices}>
        <legend className="unseen">{t('title')}</legend>
        {colourChoices.map((choice) => (
          <label key={choice} className={styles.choice}>
            <input
              type="radio"
              name="terminal-colours"
              checked={choice === chosen}
              onChange={() => choose(choice)}
            />
            <span>{t(`names.${choice}`)}</span>
            <Sample colours={coloursOf(choice)} />
          </label>
        ))}
      </fieldset>
      {chosen === 'own' && (
        <>
          <OwnColours colours={own} onChange={(ownColours) => settings.set({ ownColours })} />
          <p role="status">
            {t(contrast(own.foreground, own.background) < 4.5 ? 'weak' : 'readable', {
              ratio: Math.floor(contrast(own.foreground, own.background) * 10) / 10,
            })}
          </p>
        </>
      )}
    </Dialog>
  )
}

/** A prompt and the colours beside it. It is a picture: its words say nothing. */
function Sample({ colours: { foreground, background, cursor, ansi } }: { colours: TerminalColours }) {
  const style: CSSProperties = { color: foreground, background }
  return (
    <span className={styles.sample} style={style} aria-hidden>
      <span>
        <span style={{ color: ansi[10] }}>web-1</span>:<span style={{ color: ansi[12] }}>~</span>${' '}
        <span className={styles.cursor} style={{ background: cursor }} />
      </span>
      <span className={styles.dots}>
        {ansi.slice(1, 7).map((colour) => (
          <span key={colour} style={{ background: colour }} />
        ))}
      </span>
    </span>
  )
}
