import { type ComponentType, type ReactNode, useMemo } from 'react'
import { IntlProvider, useLocale, useMessages } from 'use-intl'
import type { Words } from './en.ts'

interface MoreWordsProps {
  /** The sections that are not among the first words */
  english: Partial<Words>
  children: ReactNode
}

/** Adds English words to the page's. A file of another language has all of them. */
export function MoreWords({ english, children }: MoreWordsProps) {
  const locale = useLocale()
  const messages = useMessages()
  const all = useMemo(
    () => (locale === 'en' ? { ...messages, ...english } : messages),
    [locale, messages, english],
  )
  return (
    <IntlProvider locale={locale} messages={all}>
      {children}
    </IntlProvider>
  )
}

/** A page, or a part of one, that brings its own words. */
export function withWords<P extends object>(english: Partial<Words>, Part: ComponentType<P>) {
  return function Worded(props: P) {
    return (
      <MoreWords english={english}>
        <Part {...props} />
      </MoreWords>
    )
  }
}
