import { renderHook } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { Server } from '../../../shared/server.ts'
import { testServer } from '../../../testing/server.ts'
import { useDrawnRows } from './use-drawn-rows.ts'

const servers = (names: string) => Array.from(names, (name) => testServer({ id: name, name }))

/** Draws rows, of which the window shows the first three, and notes each drawing. */
function drawing(first: readonly Server[], current = -1) {
  const drawings: string[] = []
  const keys: Array<Map<string, number>> = []
  const sight = { top: 0, bottom: 4 }
  const { rerender } = renderHook(
    (rows: readonly Server[]) => {
      const drawn = useDrawnRows({ rows, sight, seenEnd: 3, current })
      drawings.push(drawn.map(({ index, server }) => `${index}${server.id}`).join(' '))
      keys.push(new Map(drawn.map(({ key, server }) => [server.id, key])))
    },
    { initialProps: first },
  )
  return {
    draw: (rows: readonly Server[]) => {
      drawings.length = 0
      rerender(rows)
      return drawings
    },
    drawings,
    keys,
  }
}

describe('rows to draw', () => {
  it('are all drawn at first', () => {
    expect(drawing(servers('abcdef')).drawings).toEqual(['0a 1b 2c 3d 4e 5f'])
  })

  it('are those in the window first, and then the others', () => {
    const { draw } = drawing(servers('abcdef'))
    expect(draw(servers('uvwxyz'))).toEqual(['0u 1v 2w 3d 4e 5f', '0u 1v 2w 3x 4y 5z'])
  })

  it('are never twice the same server, and never more than there are', () => {
    const { draw, keys } = drawing(servers('abcdef'))
    expect(draw(servers('defab'))).toEqual(['0d 1e 2f', '0d 1e 2f 3a 4b'])
    for (const each of keys) expect(new Set(each.values()).size).toBe(each.size)
    expect(draw(servers('x'))).toEqual(['0x', '0x'])
  })

  it('have the row of the keys in its place at once', () => {
    const { draw, keys } = drawing(servers('abcdef'), 4)
    const key = keys.at(-1)?.get('e')
    expect(draw(servers('uvwxef'))).toEqual(['0u 1v 2w 3d 4e 5f', '0u 1v 2w 3x 4e 5f'])
    expect(keys.at(-1)?.get('e')).toBe(key)
  })
})
