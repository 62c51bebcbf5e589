import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const root = new URL('../../', import.meta.url)
const pages = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  ...readdirSync(new URL('docs', root))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]
const named = /`((?:src|e2e|bench|scripts|examples|docs)\/[\w./-]+)`/g

describe.each(pages)('%s', (page) => {
  it('names files and folders that exist', () => {
    const text = readFileSync(new URL(page, root), 'utf8')
    const gone = [...text.matchAll(named)]
      .map(([, path = '']) => path)
      .filter((path) => !existsSync(new URL(path, root)))
    expect(gone).toEqual([])
  })
})
