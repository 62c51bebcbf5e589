import { beforeEach, describe, expect, it } from 'vitest'
import { Keyboard, type Stroke } from '../console/keys/keyboard.ts'
import { defaultKeyboard } from '../settings/keyboard-settings.ts'
import { type Obstacle, Several } from './several.ts'

class Console {
  got = ''
  obstacle: Obstacle | null = null
  readonly keyboard = new Keyboard({
    send: (text) => {
      this.got += text
    },
    applicationCursor: () => false,
  })
}

let several: Several<Console>
let consoles: Record<'a' | 'b' | 'c', Console>

beforeEach(() => {
  several = new Several()
  consoles = { a: new Console(), b: new Console(), c: new Console() }
  for (const [id, console] of Object.entries(consoles)) {
    console.keyboard.onTyped = (stroke: Stroke) => several.typed(id, stroke)
    several.join(id, {
      console,
      repeat: (stroke) => console.keyboard.repeat(stroke),
      obstacle: () => console.obstacle,
    })
  }
})

const got = () => Object.values(consoles).map((console) => console.got)

describe('typing', () => {
  it('is to one console until several are chosen', () => {
    consoles.a.keyboard.typed('x')
    expect(got()).toEqual(['x', '', ''])
  })

  it('in a chosen one is to all that are chosen, once', () => {
    several.begin(['a', 'b'])
    consoles.a.keyboard.typed('ls')
    consoles.b.keyboard.typed('\r')
    expect(got()).toEqual(['ls\r', 'ls\r', ''])
  })

  it('in one that is not chosen is to that one', () => {
    several.begin(['a', 'b'])
    consoles.c.keyboard.typed('x')
    expect(got()).toEqual(['', '', 'x'])
  })

  it('is as each machine expects it', () => {
    several.begin(['a', 'b'])
    consoles.b.keyboard.settings = { ...defaultKeyboard, backspace: 'bs', enter: 'lf' }
    consoles.a.keyboard.press('Backspace')
    consoles.a.keyboard.press('Enter')
    expect(got()).toEqual(['\x7f\r', '\b\n', ''])
  })

  it('has the modifiers that are held where it was typed', () => {
    several.begin(['a', 'b'])
    consoles.a.keyboard.hold('ctrl')
    consoles.a.keyboard.typed('c')
    expect(got()).toEqual(['\x03', '\x03', ''])
  })

  it('does not have the reports of the mouse', () => {
    several.begin(['a', 'b'])
    consoles.a.keyboard.typed('\x1b[<0;1;1M')
    expect(got()).toEqual(['\x1b[<0;1;1M', '', ''])
  })

  it('ends at once', () => {
    several.begin(['a', 'b'])
    several.end()
    consoles.a.keyboard.typed('x')
    expect(got()).toEqual(['x', '', ''])
  })
})

describe('a chosen console that cannot be typed to', () => {
  it('is passed over, and what it did not get is counted and never typed later', () => {
    several.begin(['a', 'b', 'c'])
    consoles.b.obstacle = 'line-down'
    consoles.a.keyboard.typed('x')
    consoles.a.keyboard.typed('y')
    consoles.b.obstacle = null
    consoles.a.keyboard.typed('z')
    expect(got()).toEqual(['xyz', 'z', 'xyz'])
    expect(several.getSnapshot().skipped).toEqual(new Map([['b', 2]]))
  })

  it('gets no paste', () => {
    several.begin(['a', 'b', 'c'])
    consoles.c.obstacle = 'not-writer'
    expect(several.wouldReach('a')).toEqual([consoles.b])
    expect(several.getSnapshot().skipped.size).toBe(0)
    expect(several.pastedTo('a')).toEqual([consoles.b])
    expect(several.getSnapshot().skipped).toEqual(new Map([['c', 1]]))
  })

  it('is chosen no more once it is closed', () => {
    const leave = several.join('b', { console: consoles.b, repeat: () => {}, obstacle: () => null })
    several.begin(['a', 'b'])
    leave()
    expect(several.getSnapshot().chosen).toEqual(new Set(['a']))
  })
})
