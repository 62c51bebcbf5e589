import { describe, expect, it } from 'vitest'
import { testServer } from '../../testing/server.ts'
import { parseSelection, selects } from './selection.ts'

const chooses = (items: readonly string[], name: string, tags: readonly string[]) => {
  const selection = parseSelection(items)
  return selection && selects(selection, testServer({ name, tags: [...tags] }))
}

describe('a selection', () => {
  it.each([
    [['all'], 'web-1', [], true],
    [['chosen'], 'web-1', [], false],
    [['web-1'], 'web-1', [], true],
    [['web-1'], 'web-10', [], false],
    [['name:db-*', 'web-?'], 'db-7', [], true],
    [['name:db-*', 'web-?'], 'web-1', [], true],
    [['name:db-*', 'web-?'], 'web-10', [], false],
    [['tag:prod'], 'prod', ['stage'], false],
    [['tag:prod'], 'web-1', ['stage', 'prod'], true],
    [['tag:env=prod'], 'web-1', ['env=prod'], true],
    [['tag:env=*'], 'web-1', ['env=prod'], true],
    [['a.b(c)+'], 'a.b(c)+', [], true],
    [['a.b'], 'axb', [], false],
  ])('%j of %s %j: %s', (items, name, tags, chosen) => expect(chooses(items, name, tags)).toBe(chosen))

  it.each([[[]], [['tag:']], [['name: ']], [['all', 'web-1']], [['chosen', 'tag:prod']]])(
    '%j says nothing that can be understood',
    (items) => expect(parseSelection(items)).toBeNull(),
  )
})
