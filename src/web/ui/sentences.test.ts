import { expect, it } from 'vitest'
import { sentences } from './sentences.ts'

it('stand apart as their language has it, and what is not said leaves no gap', () => {
  expect(sentences('One.', false, 'Two.', null)).toBe('One. Two.')
  expect(sentences('每一行。', undefined, '已移除。', 'BMS Console。')).toBe('每一行。已移除。BMS Console。')
  expect(sentences(null)).toBe('')
})
