import { expect, it } from 'vitest'
import type { Server } from '../../shared/server.ts'
import { testServer } from '../../testing/server.ts'
import { placesOf, whereIs } from './places.ts'

const server = (where: Partial<Pick<Server, 'region' | 'project' | 'enterpriseProject'>>) => testServer(where)

it('knows each place once, by name, with its id where it has no name', () => {
  const servers = [
    server({ region: 'eu-nl', project: { id: 'p2', name: 'team b' } }),
    server({ region: 'eu-de', project: { id: 'p1', name: null } }),
    server({ region: 'eu-de', project: { id: 'p1', name: null } }),
    server({}),
  ]
  expect(placesOf(servers)).toEqual({
    region: [
      { id: 'eu-de', name: 'eu-de' },
      { id: 'eu-nl', name: 'eu-nl' },
    ],
    project: [
      { id: 'p1', name: 'p1' },
      { id: 'p2', name: 'team b' },
    ],
    enterprise: [],
  })
})

it('does not name a place that all servers share', () => {
  expect(placesOf([server({ region: 'eu-de' }), server({ region: 'eu-de' })]).region).toEqual([])
})

it('tells projects of one name apart', () => {
  const servers = ['1234567890', 'abcdefghij'].map((id) => server({ project: { id, name: 'eu-de' } }))
  expect(placesOf(servers).project.map(({ name }) => name)).toEqual(['eu-de (12345678)', 'eu-de (abcdefgh)'])
})

it('calls Huawei Cloud’s enterprise project 0 by its name', () => {
  const servers = [server({ enterpriseProject: '0' }), server({ enterpriseProject: 'ab12' })]
  expect(placesOf(servers).enterprise).toEqual([
    { id: 'ab12', name: 'ab12' },
    { id: '0', name: 'default' },
  ])
})

it('says in words where a server is, and nothing twice', () => {
  const all = [
    server({ region: 'eu-de', project: { id: 'p1', name: 'eu-de_team' } }),
    server({ region: 'eu-nl', project: { id: 'p2', name: 'shop' } }),
    server({ region: 'eu-nl' }),
    server({}),
  ]
  const known = placesOf(all)
  expect(all.map((one) => whereIs(one, known))).toEqual(['eu-de_team', 'eu-nl · shop', 'eu-nl', ''])
  expect(whereIs(server({ region: 'eu-de' }), placesOf([server({ region: 'eu-de' })]))).toBe('')
})
