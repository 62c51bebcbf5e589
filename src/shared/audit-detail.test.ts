import { expect, it } from 'vitest'
import { knownDetail } from './audit-detail.ts'

it('knows a detail by its action', () => {
  expect(knownDetail('read-log', 'raw')).toEqual({ kind: 'exact', key: 'raw' })
  expect(knownDetail('sign-in', 'embed, renewed')).toEqual({ kind: 'exact', key: 'embedRenewed' })
  expect(knownDetail('get-keyboard', 'handed by Ada')).toEqual({
    kind: 'begun',
    key: 'handedBy',
    rest: 'Ada',
  })
  expect(knownDetail('mark-line', 'taken away at offset 7')).toMatchObject({ key: 'markRemoved', rest: '7' })
})

it('takes no name, id or route for one of them', () => {
  for (const detail of ['everywhere', 'page', 'POST /api/servers/:id/power', 'embed: no ticket'])
    expect(knownDetail('sign-in', detail), detail).toBeNull()
  expect(knownDetail('start-recording', 'raw')).toBeNull()
})
