import { useFormatter, useTranslations } from 'use-intl'

const MIB = 1024 * 1024

export function Size({ bytes }: { bytes: number }) {
  const t = useTranslations('recordings')
  const format = useFormatter()
  return bytes < MIB
    ? t('kib', { size: format.number(Math.ceil(bytes / 1024)) })
    : t('mib', { size: format.number(bytes / MIB, { maximumFractionDigits: 1 }) })
}
