import { expect, it } from 'vitest'
import { de } from '../locales/de.ts'
import { en } from '../locales/en.ts'
import { failureWords } from './failure-words.ts'

const failure = { cause: 'no-permission', permission: 'bms:servers:serialConsole' } as const

it('names the permission that is missing, in each language', () => {
  expect(failureWords({ language: 'en', words: en })(failure).next).toBe(
    `${en.causes['no-permission'].next} The missing permission is bms:servers:serialConsole.`,
  )
  expect(failureWords({ language: 'de', words: de })(failure).next).toContain('bms:servers:serialConsole')
})

it('sends those whose access has expired back to the portal', () => {
  expect(failureWords({ language: 'en', words: en })({ cause: 'sign-in-needed' })).toEqual(en.embed.over)
})
