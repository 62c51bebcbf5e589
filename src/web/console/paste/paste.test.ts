import { expect, it } from 'vitest'
import { PastePacer } from './pacer.ts'
import { preparePaste } from './paste.ts'

it('takes control characters out, the end of a bracketed paste among them', () => {
  const { text, removed, needsConfirmation } = preparePaste('ls\x1b[201~\x03\x00 x')
  expect(text).toBe('ls[201~ x')
  expect(removed).toBe(3)
  expect(needsConfirmation).toBe(true)
})

it('asks before anything with a line end is typed', () => {
  expect(preparePaste('ls').needsConfirmation).toBe(false)
  expect(preparePaste('ls\n')).toMatchObject({ text: 'ls\r', lines: 1, needsConfirmation: true })
  expect(preparePaste('a\r\nb\nc')).toMatchObject({ text: 'a\rb\rc', lines: 3, needsConfirmation: true })
})

it('paces whole characters and loses none', () => {
  const text = 'žluťoučký 日本語 👩‍🚀 '.repeat(200)
  const pacer = new PastePacer(text)
  let joined = ''
  for (let burst = pacer.next(); burst; burst = pacer.next()) {
    joined += new TextDecoder('utf-8', { fatal: true }).decode(burst.bytes)
    expect(burst.wait).toBeGreaterThan(0)
  }
  expect(joined).toBe(text)
})
