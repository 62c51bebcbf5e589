import { createTranslator } from 'use-intl/core'
import type { Failure } from '../../shared/cause.ts'
import type { LoadedWords } from '../locales/words.ts'

export interface FailureWords {
  title: string
  next: string
}

/** A failure as this page tells it: nobody signs in here, it is the portal that lets people in. */
export function failureWords({ language, words }: LoadedWords): (failure: Failure) => FailureWords {
  const t = createTranslator({ locale: language, messages: words })
  return ({ cause }) =>
    cause === 'sign-in-needed'
      ? { title: t('embed.over.title'), next: t('embed.over.next') }
      : { title: t(`causes.${cause}.title`), next: t(`causes.${cause}.next`) }
}
