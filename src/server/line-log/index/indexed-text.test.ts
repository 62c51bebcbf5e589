import { expect, it } from 'vitest'
import { indexedText } from './indexed-text.ts'

const of = (text: string) => indexedText(Buffer.from(text))

it('keeps plain bytes as they are, whatever their charset', () => {
  const bytes = Buffer.from([0xc4, 0xe3, 0x0a, 0x00, 0xff])
  expect(indexedText(bytes)).toBe(bytes.toString('latin1'))
})

it('leaves colours out, also inside of a word', () => {
  expect(of('[\x1b[31mFAI\x1b[1mLED\x1b[0m]\r\nnext')).toBe('[FAILED]\r\nnext')
})

it('adds lines in which the cursor moves as they look', () => {
  expect(of('first\nlogni\b\b\bgin: \nlast')).toContain('login')
  expect(of('\x1b[5;10Hpa\x1b[1Cnic')).toContain('pa nic')
})
