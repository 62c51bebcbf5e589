import { useFormatter, useTranslations } from 'use-intl'

const KIB = 1024
const MIB = 1024 * 1024

export function Size({ bytes }: { bytes: number }) {
  const t = useTranslations('sizes')
  const format = useFormatter()
  if (bytes < KIB) return t('bytes', { size: format.number(bytes) })
  return bytes < MIB
    ? t('kib', { size: format.number(Math.ceil(bytes / KIB)) })
    : t('mib', { size: format.number(bytes / MIB, { maximumFractionDigits: 1 }) })
}
