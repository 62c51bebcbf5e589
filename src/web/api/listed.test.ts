import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Server } from '../../shared/server.ts'
import { testServer } from '../../testing/server.ts'
import { ListReader, wholeList } from '../../testing/server-list.ts'
import { type Listed, type ListNews, ListUpdate } from './listed.ts'

const server = (id: string, change: Partial<Server> = {}) => testServer({ id, name: id, ...change })
const nothing: Listed = { servers: [], missing: [], progress: null, version: null, told: [] }

function updated(last: Listed, ...events: ListNews[]): Listed {
  const update = new ListUpdate(last)
  for (const event of events) update.take(event)
  return update.listed
}
const whole = (...servers: Server[]) => wholeList({ servers, missing: [] }) as ListNews[]

describe('a list that comes', () => {
  it('says how much of it is here, until it is complete', () => {
    const [begin, servers, ...rest] = whole(server('a'), server('b'))
    if (!begin || !servers) throw new Error('no events')
    expect(updated(nothing, begin).progress).toEqual({ received: 0, total: 2 })
    expect(updated(nothing, begin, servers).progress).toEqual({ received: 2, total: 2 })
    expect(updated(nothing, begin, { type: 'total', total: 9 }).progress).toEqual({ received: 0, total: 9 })
    expect(updated(nothing, begin, servers, ...rest).progress).toBeNull()
  })

  it('keeps what a failed reading brought, and has no version', () => {
    const part = updated(
      nothing,
      { type: 'begin', whole: true, total: 3 },
      { type: 'servers', servers: [server('a')] },
    )
    expect(part.version).toBeNull()
    const next = updated(part, ...whole(server('a'), server('b'), server('c')))
    expect(next.servers.map(({ id }) => id)).toEqual(['a', 'b', 'c'])
    expect(next.servers[0]).toBe(part.servers[0])
    expect(next.progress).toBeNull()
  })
})

describe('a refresh', () => {
  it('changes nothing where nothing differs: the same list of the same servers', () => {
    const first = updated(nothing, ...whole(server('a'), server('b', { tags: ['x'] })))
    const difference: ListNews[] = [
      { type: 'begin', whole: false, total: 2 },
      { type: 'missing', missing: [] },
      { type: 'end', version: 'v1' },
    ]
    expect(updated(first, ...difference).servers).toBe(first.servers)
    // As a server that was started anew tells it
    expect(updated(first, ...whole(server('a'), server('b', { tags: ['x'] }))).servers).toBe(first.servers)
  })

  it('leaves the others as they are where one differs, and each in its place', () => {
    const first = updated(nothing, ...whole(server('a'), server('b'), server('c')))
    const next = updated(
      first,
      { type: 'begin', whole: false, total: 3 },
      { type: 'servers', servers: [server('b', { power: 'off' }), server('d')] },
      { type: 'gone', ids: ['a'] },
      { type: 'end', version: 'v2' },
    )
    expect(next.servers.map(({ id }) => id)).toEqual(['b', 'c', 'd'])
    expect(next.servers[0]).toEqual(server('b', { power: 'off' }))
    expect(next.servers[1]).toBe(first.servers[2])
    expect(next.version).toBe('v2')
  })

  it('drops who does not come again in a whole list', () => {
    const first = updated(nothing, ...whole(server('a'), server('b')))
    expect(updated(first, ...whole(server('b'))).servers).toEqual([server('b')])
  })

  it('takes back what the page put there of a single server, if the list does not say it', () => {
    const first = updated(nothing, ...whole(server('a'), server('b')))
    const patched = { ...first, servers: first.servers.map((each) => ({ ...each, power: 'off' as const })) }
    const next = updated(patched, { type: 'begin', whole: false, total: 2 }, { type: 'end', version: 'v2' })
    expect(next.servers).toBe(first.servers)
  })
})

it('has after any readings what they told', () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd', 'e')
  const some = fc.array(fc.record({ id, zone: fc.constantFrom('one', 'two') }), { maxLength: 6 })
  const reading = fc.record({
    whole: fc.boolean(),
    parts: fc.array(some, { maxLength: 3 }),
    gone: fc.array(id),
  })
  fc.assert(
    fc.property(fc.array(reading, { maxLength: 6 }), (readings) => {
      const reader = new ListReader()
      let listed = nothing
      for (const [at, { whole, parts, gone }] of readings.entries()) {
        const events: ListNews[] = [
          { type: 'begin', whole, total: null },
          ...parts.map(
            (part): ListNews => ({ type: 'servers', servers: part.map((each) => testServer(each)) }),
          ),
          { type: 'gone', ids: gone },
          { type: 'end', version: `v${at}` },
        ]
        reader.take(events)
        const before = new Map(listed.servers.map((each) => [each.id, each]))
        listed = updated(listed, ...events)
        expect(listed.servers).toEqual(reader.list.servers)
        for (const each of listed.servers) {
          const known = before.get(each.id)
          const came = parts.flat().filter((part) => part.id === each.id)
          if (known && came.every(({ zone }) => zone === known.zone)) expect(each).toBe(known)
        }
      }
    }),
  )
})
