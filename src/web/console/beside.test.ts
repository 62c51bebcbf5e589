import { describe, expect, it } from 'vitest'
import { besideOf, keepsConsole, serversIn } from './beside.ts'

describe('the servers of an address', () => {
  it('are those that can be ids, once each, in their order', () => {
    expect(serversIn('b,a,b,,../x,c')).toEqual(['b', 'a', 'c'])
    expect(serversIn(undefined)).toEqual([])
  })

  it('are nine at most', () => {
    expect(serversIn(Array.from({ length: 12 }, (_, index) => `id-${index}`).join())).toHaveLength(9)
  })
})

describe('a console that is left', () => {
  it('is not, where the next page has it, too', () => {
    expect(keepsConsole({ pathname: '/consoles', search: { servers: 'a,b' } }, 'b')).toBe(true)
    expect(keepsConsole({ pathname: '/servers/b/console', search: {} }, 'b')).toBe(true)
  })

  it('is, elsewhere', () => {
    expect(keepsConsole({ pathname: '/consoles', search: { servers: 'a' } }, 'b')).toBe(false)
    expect(keepsConsole({ pathname: '/consoles', search: { servers: 7 } }, 'b')).toBe(false)
    expect(keepsConsole({ pathname: '/', search: {} }, 'b')).toBe(false)
  })
})

describe('where consoles are opened beside this one', () => {
  it('is the page of several, with this one', () => {
    expect(besideOf({ pathname: '/servers/a/console', search: {} }, 'a')).toEqual({
      to: '/consoles',
      search: { servers: 'a', add: '1' },
    })
  })

  it('has what is open there already', () => {
    expect(
      besideOf({ pathname: '/consoles', search: { servers: 'a,b', layout: 'tabs' } }, 'b').search,
    ).toEqual({
      servers: 'a,b',
      layout: 'tabs',
      add: '1',
    })
  })
})
