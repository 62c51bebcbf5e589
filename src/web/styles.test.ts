import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('.', import.meta.url))
const sheets = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) =>
  path.endsWith('.css'),
)

/** Each declaration that is no token, with its file. */
const declarations = sheets.flatMap((path) => {
  const source = readFileSync(root + path, 'utf8').replaceAll(/\/\*.*?\*\//gs, '')
  return [...source.matchAll(/([\w-]+):\s*([^;{}]+);/g)]
    .map(([, name = '', value = '']) => ({ path, name, value: value.trim() }))
    .filter(({ name }) => !name.startsWith('--'))
})

it('no style has a colour of its own: all are tokens of styles.css', () => {
  expect(declarations.length).toBeGreaterThan(500)
  const own = declarations.filter(({ value }) =>
    /#[\da-f]{3,8}\b|\b(rgb|hsl|oklch|light-dark)a?\(/i.test(value),
  )
  expect(own).toEqual([])
})

it('corners and sizes of text are those of the scale', () => {
  const usual = {
    // A circle, none, and that of a match within a text; for all corners, or for each.
    'border-radius': /^(var\(--radius-\w+\)|50%|0|2px)( (var\(--radius-\w+\)|50%|0|2px)){0,3}$/,
    // 16px: from this size on, a phone does not zoom into a field. The times beside the rows follow the terminal's text.
    'font-size': /^(var\((--log-times-size, var\()?--text-\w+\)+|16px)$/,
  }
  const odd = declarations.filter(({ path, name, value }) =>
    name === 'border-radius' || name === 'font-size'
      ? !usual[name].test(value) && !path.endsWith('gutter.module.css')
      : false,
  )
  expect(odd).toEqual([])
})
