import { describe, expect, it } from 'vitest'
import { ListVersions } from './list-versions.ts'

/** @param servers `id` or `id:digest`; a star: watched */
const list = (...servers: string[]) =>
  new Map(
    servers.map((text) => {
      const [id = '', digest = ''] = text.replace('*', '').split(':')
      return [id, { digest, watched: text.endsWith('*') }]
    }),
  )

describe('a difference', () => {
  it('has what is new, what has changed and what is gone, from any version', () => {
    const versions = new ListVersions()
    versions.advance(list('a', 'b', 'c'))
    const first = versions.newest
    versions.advance(list('a', 'b:2', 'd'))
    const second = versions.newest
    versions.advance(list('a', 'b:3', 'd'))
    expect(versions.since(first)).toEqual({ changed: ['b', 'd'], gone: ['c'] })
    expect(versions.since(second)).toEqual({ changed: ['b'], gone: [] })
    expect(versions.since(versions.newest)).toEqual({ changed: [], gone: [] })
  })

  it('tells of a server that went and came back', () => {
    const versions = new ListVersions()
    versions.advance(list('a', 'b'))
    const first = versions.newest
    versions.advance(list('a'))
    versions.advance(list('a', 'b'))
    expect(versions.since(first)).toEqual({ changed: ['b'], gone: [] })
  })

  it('tells of lines that are watched now, and of those that no longer are', () => {
    const versions = new ListVersions()
    versions.advance(list('a', 'b*', 'c*'))
    const first = versions.newest
    versions.mark((id) => id !== 'b')
    expect(versions.since(first)).toEqual({ changed: ['a', 'b'], gone: [] })
    const second = versions.newest
    versions.advance(list('a*', 'b', 'c*'))
    expect(versions.newest).toBe(second)
  })
})

describe('a version', () => {
  it('stays where nothing differs', () => {
    const versions = new ListVersions()
    versions.advance(list('a'))
    const first = versions.newest
    versions.advance(list('a'))
    versions.mark(() => false)
    expect(versions.newest).toBe(first)
  })

  it('of an empty list is a version, too', () => {
    const versions = new ListVersions()
    versions.advance(list())
    const empty = versions.newest
    versions.advance(list('a'))
    expect(versions.since(empty)).toEqual({ changed: ['a'], gone: [] })
  })

  it('is unknown where it was made elsewhere, is nonsense, or is to come', () => {
    const versions = new ListVersions()
    const other = new ListVersions()
    for (const each of [versions, other]) each.advance(list('a'))
    const [epoch] = versions.newest.split('.')
    for (const unknown of [
      other.newest,
      '',
      'x',
      `${epoch}`,
      `${epoch}.0`,
      `${epoch}.2`,
      `${epoch}.-1`,
      `${epoch}.x`,
    ])
      expect(versions.since(unknown)).toBeNull()
  })

  it('is too old once servers that went after it are forgotten', () => {
    const versions = new ListVersions(2)
    const named: string[] = []
    for (const servers of [['a', 'b', 'c', 'd'], ['b', 'c', 'd'], ['c', 'd'], ['d']]) {
      versions.advance(list(...servers))
      named.push(versions.newest)
    }
    expect(named.map((version) => versions.since(version)?.gone)).toEqual([undefined, ['b', 'c'], ['c'], []])
  })
})
