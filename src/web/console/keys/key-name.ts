import { useTranslations } from 'use-intl'

/** Keys that are labelled differently where the keyboard speaks another language. */
const translated = ['Ctrl', 'Shift', 'Home', 'End', 'Insert', 'Delete', 'Page Up', 'Page Down'] as const

/** What is on the reader's keyboard: of "Ctrl+C", "Strg+C". */
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
