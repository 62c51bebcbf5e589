import { useTranslations } from 'use-intl'

/** Keys that are labelled differently on keyboards of other languages. */
const translated = ['Ctrl', 'Shift', 'Home', 'End', 'Insert', 'Delete', 'Page Up', 'Page Down'] as const

/** Names keys as the reader's keyboard does: "Ctrl+C" is "Strg+C" in German. */
export function useKeyName(): (label: string) => string {
  const t = useTranslations('console.keyCaps')
  return (label) =>
    label
      .split('+')
      .map((part) => {
        const known = translated.find((key) => key === part)
        return known ? t(known) : part
      })
      .join('+')
}
