import { Terminal } from '@xterm/xterm'
import { expect, it } from 'vitest'
import { missingParts } from '../../../testing/web/xterm-parts.ts'

it('are the same in the terminal with a screen', () => {
  expect(missingParts(new Terminal())).toEqual([])
})
