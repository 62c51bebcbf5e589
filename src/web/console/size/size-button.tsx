import { Scaling } from 'lucide-react'
import type { ComponentProps } from 'react'
import { useTranslations } from 'use-intl'
import type { OpenConsole } from '../use-console.ts'
import styles from './size.module.css'
import { sizeText } from './size-choice.ts'
import { useFrame } from './use-size.ts'

interface SizeButtonProps extends ComponentProps<'button'> {
  open: OpenConsole
}

/** The chip itself: how many columns and rows the terminal has. */
export function SizeButton({ open, ...rest }: SizeButtonProps) {
  const t = useTranslations('size')
  const { shown } = useFrame(open.terminal)
  return (
    <button
      type="button"
      className={styles.chip}
      aria-label={t('chip', shown)}
      title={t('chip', shown)}
      {...rest}
    >
      <Scaling size={13} aria-hidden />
      {sizeText(shown)}
    </button>
  )
}
