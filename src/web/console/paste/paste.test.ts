import { expect, it } from 'vitest'
import { burstOf } from './pacer.ts'
import { preparePaste } from './paste.ts'

const prepare = (clipboard: string) => preparePaste(clipboard, { sevenBit: false, guarded: [] })

it('takes control characters out, the end of a bracketed paste among them', () => {
  const { text, removed, needsConfirmation } = prepare('ls\x1b[201~\x03\x00 x')
  expect(text).toBe('ls[201~ x')
  expect(removed).toBe(3)
  expect(needsConfirmation).toBe(true)
})

it('asks before anything with a line end is typed', () => {
  expect(prepare('ls').needsConfirmation).toBe(false)
  expect(prepare('ls\n')).toMatchObject({ text: 'ls\r', lines: 1, needsConfirmation: true })
  expect(prepare('a\r\nb\nc')).toMatchObject({ text: 'a\rb\rc', lines: 3, needsConfirmation: true })
})

it('asks before a gateway gets what it may take for itself', () => {
  const guarded = preparePaste('~.', { sevenBit: false, guarded: ['tilde-dot'] })
  expect(guarded).toMatchObject({ text: '~.', escapes: true, needsConfirmation: true })
  expect(prepare('~.')).toMatchObject({ escapes: false, needsConfirmation: false })
})

it('takes out what a line of seven bits cannot carry, and says so', () => {
  const prepared = preparePaste('naïve 😀', { sevenBit: true, guarded: [] })
  expect(prepared).toMatchObject({ text: 'nave ', uncarried: 2, needsConfirmation: true })
})

it('is typed in bursts of whole characters, and loses none', () => {
  const text = new TextEncoder().encode('žluťoučký 日本語 👩‍🚀 '.repeat(200))
  let joined = ''
  for (let at = 0; at < text.length; ) {
    const burst = burstOf(text, at)
    expect(burst.length).toBeGreaterThan(0)
    expect(burst.length).toBeLessThanOrEqual(256)
    joined += new TextDecoder('utf-8', { fatal: true }).decode(burst)
    at += burst.length
  }
  expect(joined).toBe(new TextDecoder().decode(text))
})
