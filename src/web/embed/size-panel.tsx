import { Check } from 'lucide-react'
import { useTranslations } from 'use-intl'
import type { BarContext } from '../console/bar/bar-item.ts'
import { useEncodingItems } from '../console/encoding/encoding-items.ts'
import { sizeCommand } from '../console/size/match.ts'
import { useSizeItems } from '../console/size/size-items.ts'
import { useFrame } from '../console/size/use-size.ts'
import styles from './embed.module.css'
import type { PanelProps } from './popover-button.tsx'

export interface SizePanelProps extends PanelProps, Pick<BarContext, 'serverId' | 'announce' | 'show'> {}

/** The sizes to choose from, the way to tell the machine, and how the line's bytes are read. */
export default function SizePanel({ choose, ...bar }: SizePanelProps) {
  const t = useTranslations('size')
  const [size, match] = useSizeItems(bar)
  const [encoding] = useEncodingItems(bar)
  const { shown } = useFrame(bar.open.terminal)
  return (
    <>
      <fieldset disabled={size.disabled !== undefined}>
        <legend>{size.disabled ?? t('title')}</legend>
        {size.options.map(({ value, label }) => (
          <button
            key={value}
            type="button"
            className={styles.worded}
            aria-pressed={value === size.value}
            onClick={() => choose(() => size.choose(value))}
          >
            {label}
            {value === size.value && <Check size={15} aria-hidden />}
          </button>
        ))}
      </fieldset>
      <fieldset disabled={match.disabled !== undefined}>
        <legend>{match.disabled ?? t('match')}</legend>
        <button
          type="button"
          className={styles.worded}
          onClick={() => choose(() => match.kind === 'action' && match.run())}
        >
          <code>{sizeCommand(shown).trim()}</code>
        </button>
      </fieldset>
      <fieldset disabled={encoding.disabled !== undefined}>
        <legend>{encoding.disabled ?? encoding.label}</legend>
        <select
          aria-label={encoding.label}
          value={encoding.value}
          onChange={({ target }) => choose(() => encoding.choose(target.value))}
        >
          {encoding.options.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </fieldset>
    </>
  )
}
