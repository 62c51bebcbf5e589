import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { pictureNames } from './picture.tsx'

const drawings = readFileSync(new URL('pictures.svg', import.meta.url), 'utf8')
const named = [...drawings.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)

it('every picture is drawn, from parts that are there', () => {
  expect(named).toEqual(expect.arrayContaining([...pictureNames]))
  const used = [...drawings.matchAll(/ href="#([^"]+)"/g)].map(([, id]) => id)
  expect(used.filter((id) => !named.includes(id))).toEqual([])
})

it('the drawings have no colours of their own', () => {
  const colours = [...drawings.matchAll(/ (?:fill|stroke)="([^"]+)"/g)].map(([, colour]) => colour)
  expect(colours.filter((colour) => !/^(none|var\(--[\w-]+\))$/.test(colour ?? ''))).toEqual([])
})
