import { createTranslator } from 'use-intl/core'
import type { Failure } from '../../shared/cause.ts'
import type { LoadedWords } from '../locales/words.ts'

export interface FailureWords {
  title: string
  next: string
}

/** A failure's words on this page, with what is missing. Nobody signs in here, so an expired sign-in sends people back to the portal. */
export function failureWords({ language, words }: LoadedWords): (failure: Failure) => FailureWords {
  const t = createTranslator({ locale: language, messages: words })
  return ({ cause, permission }) => {
    if (cause === 'sign-in-needed') return { title: t('embed.over.title'), next: t('embed.over.next') }
    const next = t(`causes.${cause}.next`)
    const missing = permission ? ` ${t('shell.permission', { permission })}` : ''
    return { title: t(`causes.${cause}.title`), next: next + missing }
  }
}
