import { describe, expect, it } from 'vitest'
import type { Server } from '../../../shared/server.ts'
import { testServer } from '../../../testing/server.ts'
import { Searches } from './searches.ts'
import { type Entry, ServerIndex } from './server-index.ts'
import { searchWords } from './words.ts'

const server = (name: string, tags: string[] = []) => testServer({ id: `id-${name}`, name, tags })
const servers = [
  server('web-1', ['env=prod']),
  server('web-2', ['env=test']),
  server('prod', ['env=test']),
  server('db-1', ['role=web']),
]

/** A search that tells how many servers it has read. */
function searching() {
  const index = new ServerIndex()
  const searches = new Searches()
  let read = 0
  const counted = (each: Server): Entry => {
    const { text, tagText, codes } = index.entry(each)
    return {
      get text() {
        read++
        return text
      },
      get tagText() {
        return tagText
      },
      codes,
    }
  }
  const entries = servers.map(counted)
  return (query: string) => {
    read = 0
    const found = searches.find({ rows: servers, entries }, searchWords(query))
    return { names: found.rows.map(({ name }) => name), rows: found.rows, read }
  }
}

describe('searches', () => {
  it('look only through what the shorter search found', () => {
    const search = searching()
    expect(search('web')).toMatchObject({ names: ['web-1', 'web-2', 'db-1'], read: 4 })
    expect(search('web-')).toMatchObject({ names: ['web-1', 'web-2'], read: 3 })
    expect(search('web- prod')).toMatchObject({ names: ['web-1'], read: 2 })
    expect(search('prod web-1')).toMatchObject({ names: ['web-1'], read: 1 })
  })

  it('find the same again without a look', () => {
    const search = searching()
    const { rows } = search('web')
    search('web-1')
    expect(search('web ')).toMatchObject({ names: ['web-1', 'web-2', 'db-1'], read: 0 })
    expect(search('WEB').rows).toBe(rows)
    expect(search('').rows).toBe(servers)
  })

  it('look at all for another word', () => {
    const search = searching()
    search('web')
    expect(search('prod')).toMatchObject({ names: ['web-1', 'prod'], read: 4 })
    expect(search('eb')).toMatchObject({ names: ['web-1', 'web-2', 'db-1'], read: 4 })
  })

  it('do not take a word of tags for a word of any fact, or the other way round', () => {
    const search = searching()
    expect(search('prod').names).toEqual(['web-1', 'prod'])
    expect(search('tag:env=prod').names).toEqual(['web-1'])
    expect(search('env=prod').names).toEqual(['web-1'])
    expect(search('tag:prod').names).toEqual([])
    expect(search('tag:env').names).toEqual(['web-1', 'web-2', 'prod'])
    // Within a tag is not at its beginning.
    expect(search('tag:nv').names).toEqual([])
  })

  it('are forgotten, the oldest first', () => {
    const search = searching()
    search('web')
    for (let count = 0; count < 32; count++) search(`x${count}y`)
    expect(search('web').read).toBe(4)
  })
})
