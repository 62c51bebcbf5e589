import { type ReactNode, useEffect, useLayoutEffect, useState } from 'react'
import { IntlProvider } from 'use-intl'
import { useLanguage } from '../settings/settings.ts'
import { type LoadedWords, languageTags, loadWords } from './words.ts'

interface WordsProviderProps {
  /** The words of the first render, so that the page never shows the wrong language. */
  first: LoadedWords
  children: ReactNode
}

/** The words of the chosen language. The old words stay until the new ones have loaded. */
export function WordsProvider({ first, children }: WordsProviderProps) {
  const chosen = useLanguage()
  const [{ language, words }, show] = useState(first)
  useEffect(() => {
    let wanted = true
    void loadWords(chosen).then((loaded) => {
      if (wanted) show(loaded)
    })
    return () => {
      wanted = false
    }
  }, [chosen])
  useLayoutEffect(() => {
    document.documentElement.lang = languageTags[language]
  }, [language])
  return (
    <IntlProvider
      locale={language}
      messages={words}
      timeZone={Intl.DateTimeFormat().resolvedOptions().timeZone}
    >
      {children}
    </IntlProvider>
  )
}
