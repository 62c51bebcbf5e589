import { Film } from 'lucide-react'
import { describe, expect, it } from 'vitest'
import { type Command, matching, recentFirst } from './commands.ts'
import { opensPalette } from './palette-key.ts'

const command = (label: string, more: Partial<Command> = {}): Command => ({
  key: label,
  label,
  Icon: Film,
  act: () => {},
  ...more,
})
const found = (commands: Command[], query: string) => matching(commands, query).map(({ label }) => label)

describe('a query', () => {
  const commands = [command('Copy ID', { note: '5a1d' }), command('Servers'), command('Refresh servers')]

  it('finds commands that have each of its words, in any order and case', () => {
    expect(found(commands, 'SERVERS refr')).toEqual(['Refresh servers'])
    expect(found(commands, '5a1')).toEqual(['Copy ID'])
    expect(found(commands, 'servers x')).toEqual([])
  })

  it('puts those first that begin with it, and keeps the order otherwise', () => {
    expect(found([command('Refresh servers'), command('Servers')], 'serv')).toEqual([
      'Servers',
      'Refresh servers',
    ])
    expect(found(commands, ' ')).toEqual(['Copy ID', 'Servers', 'Refresh servers'])
  })

  it('finds by English words where the label is in another language', () => {
    expect(found([command('Verlauf der Leitung', { also: 'history log' })], 'history')).toHaveLength(1)
  })
})

it('what was done lately comes first, the latest before the others', () => {
  const of = (recent: string[]) => recentFirst(['a', 'b', 'c', 'd'], recent, (one) => one)
  expect(of(['c', 'gone', 'a'])).toEqual(['c', 'a', 'b', 'd'])
  expect(of([])).toEqual(['a', 'b', 'c', 'd'])
})

type Pressed = Partial<Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>> & {
  inTerminal?: boolean
}

describe('the key', () => {
  it.each<[string, Pressed, boolean, boolean]>([
    ['Ctrl+K', { ctrlKey: true }, false, true],
    ['Ctrl+K in a terminal', { ctrlKey: true, inTerminal: true }, false, false],
    ['⌘K in a terminal', { metaKey: true, inTerminal: true }, true, true],
    ['Ctrl+K with Caps Lock', { ctrlKey: true, key: 'K' }, false, true],
    ['⌘K on a Mac', { metaKey: true }, true, true],
    ['Ctrl+K on a Mac, which deletes to the end of a line', { ctrlKey: true }, true, false],
    ['Ctrl+Shift+K', { ctrlKey: true, shiftKey: true }, false, false],
    ['Ctrl+Alt+K', { ctrlKey: true, altKey: true }, false, false],
    ['K', {}, false, false],
  ])('%s', (_, { inTerminal = false, ...pressed }: Pressed, mac, opens) => {
    const key = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, key: 'k', ...pressed }
    expect(opensPalette(key, mac, inTerminal)).toBe(opens)
  })
})
