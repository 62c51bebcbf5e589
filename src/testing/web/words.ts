import { createTranslator } from 'use-intl'
import { en } from '../../web/locales/en.ts'

/** The page's English, with what is put in: `t('power.of', { name: 'web-1' })`. */
export const t = createTranslator({ locale: 'en', messages: en })
