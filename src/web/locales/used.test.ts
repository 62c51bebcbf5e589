import { expect, it } from 'vitest'
import { en } from './en.ts'

const glob = import.meta.glob<string>(
  [
    '../**/*.{ts,tsx}',
    '../../shared/**/*.ts',
    '!./**',
    '!../**/*.test.{ts,tsx}',
    '!../../shared/**/*.test.ts',
  ],
  { query: '?raw', import: 'default', eager: true },
)
const sources = Object.values(glob)

/** The strings of a source, with `*` for what a template puts in. */
const strings = (source: string) => [
  ...[...source.matchAll(/'([^'\n]*)'/g)].map(([, plain = '']) => plain),
  ...[...source.matchAll(/`([^`]+)`/g)].map(([, template = '']) => template.replaceAll(/\$\{[^}]*\}/g, '*')),
]

const words = new Set(sources.flatMap(strings))

/** The paths that a source asks for: its sections, each with each of its strings. */
function asked(source: string): string[] {
  const found = strings(source).filter((text) => /^[\w *-]+(\.[\w *-]+)*$/.test(text))
  const namespaces = [...source.matchAll(/useTranslations\('([\w.]+)'/g)].map(([, name = '']) => name)
  // Words that are no part of React are asked for by their whole paths.
  const whole = source.includes('createTranslator') ? found : []
  // `t(badge)`: the key is a value that is written elsewhere.
  const byValue = /\w\((?!['`])[^'`\n]*\)/.test(source)
  return [
    ...whole,
    ...namespaces.flatMap((name) => [
      ...found.map((text) => `${name}.${text}`),
      ...(byValue ? [`${name}.?`] : []),
    ]),
  ]
}

function paths(messages: object, path: string[] = []): string[] {
  return Object.entries(messages).flatMap(([key, value]: [string, string | object]) =>
    typeof value === 'string' ? [[...path, key].join('.')] : paths(value, [...path, key]),
  )
}

it('every text is said somewhere', () => {
  const patterns = [...new Set(sources.flatMap(asked))]
  const exact = new Set(patterns.filter((pattern) => !/[*?]/.test(pattern)))
  const open = patterns
    .filter((pattern) => pattern.includes('*'))
    .map((pattern) => new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[^.]+')}$`))
  const byValue = new Set(
    patterns.filter((pattern) => pattern.endsWith('.?')).map((pattern) => pattern.slice(0, -2)),
  )
  const said = (path: string) => {
    const dot = path.lastIndexOf('.')
    return (
      exact.has(path) ||
      open.some((pattern) => pattern.test(path)) ||
      (byValue.has(path.slice(0, dot)) && words.has(path.slice(dot + 1)))
    )
  }
  expect(paths(en).filter((path) => !said(path))).toEqual([])
})
