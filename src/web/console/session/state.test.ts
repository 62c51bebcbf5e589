import { describe, expect, it } from 'vitest'
import { backoff } from '../../../shared/backoff.ts'
import { issuedConsole } from '../../../testing/web/fake-line.ts'
import { initialModel, reduce, type SessionEvent, type SessionModel } from './state.ts'

const issued = issuedConsole.direct

function run(events: Array<(model: SessionModel) => SessionEvent>, now = 0) {
  let model = initialModel
  const effects: string[] = []
  for (const event of events) {
    const [next, made] = reduce(model, event(model), { now, random: 0 })
    model = next
    effects.push(...made.map(({ type }) => type))
  }
  return { model, effects }
}

const connect = () => ({ type: 'connect' }) as const
const gotUrl = (model: SessionModel) =>
  ({ type: 'issued', generation: model.generation, console: issued, ageMs: 0 }) as const
const opened = (model: SessionModel) =>
  ({ type: 'opened', generation: model.generation, spoke: false }) as const
const bytes = (model: SessionModel) => ({ type: 'bytes', generation: model.generation }) as const
const online = () => ({ type: 'online' }) as const
const dropped = (model: SessionModel) =>
  ({ type: 'failed', generation: model.generation, failure: { cause: 'gateway-closed' } }) as const

describe('reduce', () => {
  it('is live only after the first byte', () => {
    expect(run([connect, gotUrl, opened]).model.state.kind).toBe('silent')
    expect(run([connect, gotUrl, opened, bytes]).model.state.kind).toBe('live')
  })

  it('reads open-then-dropped as a refusal, and ends after three of them', () => {
    const refused = [gotUrl, opened, dropped]
    expect(run([connect, ...refused]).model.state).toMatchObject({
      kind: 'waiting',
      failure: { cause: 'gateway-hung-up' },
    })
    const { model } = run([connect, ...refused, online, ...refused, online, ...refused])
    expect(model.state).toMatchObject({ kind: 'ended', failure: { cause: 'origin-refused' } })
  })

  it('asks for a fresh URL and joins the gap with a seam', () => {
    const { effects } = run([connect, gotUrl, opened, bytes, dropped, online, gotUrl, opened, bytes])
    expect(effects).toEqual(['issue', 'open', 'close', 'clean-modes', 'wake-at', 'issue', 'open', 'seam'])
  })

  it('ignores events of an older attempt', () => {
    const { model } = run([
      connect,
      gotUrl,
      opened,
      bytes,
      dropped,
      online,
      () => ({ type: 'bytes', generation: 1 }),
    ])
    expect(model.state.kind).toBe('issuing')
  })

  it('says that a key was not sent, and retries at once', () => {
    const { model, effects } = run([connect, gotUrl, opened, bytes, dropped, () => ({ type: 'keystroke' })])
    expect(effects.slice(-2)).toEqual(['not-sent', 'issue'])
    expect(model.state.kind).toBe('issuing')
  })
})

it('backs off 1, 2, 4 … 30 s', () => {
  expect([0, 1, 2, 3, 4, 5, 9].map((attempt) => backoff(attempt, 0))).toEqual(
    [1, 2, 4, 8, 16, 30, 30].map((s) => s * 1000),
  )
})
