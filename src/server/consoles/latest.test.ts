import { expect, it } from 'vitest'
import { Latest } from './latest.ts'

it('has one of each kind on its way; of those that wait, only the newest goes', () => {
  const latest = new Latest()
  const written: string[] = []
  const sent: (() => void)[] = []
  const push = (kind: string, text: string) =>
    latest.push(kind, (done) => {
      written.push(text)
      sent.push(done)
    })
  push('viewers', 'v1')
  for (const text of ['v2', 'v3', 'v4']) push('viewers', text)
  push('recording', 'r1')
  expect(written).toEqual(['v1', 'r1'])
  sent.shift()?.()
  expect(written).toEqual(['v1', 'r1', 'v4'])
  for (const done of sent) done()
  push('viewers', 'v5')
  expect(written).toEqual(['v1', 'r1', 'v4', 'v5'])
})
