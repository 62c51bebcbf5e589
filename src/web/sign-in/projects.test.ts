import { expect, it } from 'vitest'
import { byRegion } from './projects.ts'

const project = (name: string, region: string | null) => ({ key: `${region}/${name}`, name, region })
const projects = [
  project('team-10', 'eu-nl'),
  project('team-2', 'eu-nl'),
  project('Billing', 'eu-de'),
  project('lone', null),
]
const names = (query: string) =>
  byRegion(projects, query).map(({ region, projects }) => [region, projects.map(({ name }) => name)])

it('puts projects under their regions, each in the order that a person expects', () => {
  expect(names('')).toEqual([
    [null, ['lone']],
    ['eu-de', ['Billing']],
    ['eu-nl', ['team-2', 'team-10']],
  ])
})

it('finds projects by every word of the query, in name or region', () => {
  expect(names('billing')).toEqual([['eu-de', ['Billing']]])
  expect(names('NL team-1')).toEqual([['eu-nl', ['team-10']]])
  expect(names('nothing')).toEqual([])
})
