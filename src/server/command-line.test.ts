import { expect, it } from 'vitest'
import { commandOf } from './command-line.ts'

it.each([
  [[], { kind: 'serve' }],
  [['check'], { kind: 'check', serverId: null }],
  [['check', '9f1b'], { kind: 'check', serverId: '9f1b' }],
  [['check', '--all'], { kind: 'unknown', word: '--all' }],
  [['check', '9f1b', 'more'], { kind: 'unknown', word: 'more' }],
  [['--version'], { kind: 'version' }],
  [['-h'], { kind: 'help' }],
  [['serve'], { kind: 'unknown', word: 'serve' }],
])('%j is %j', (words, command) => {
  expect(commandOf(words)).toEqual(command)
})
