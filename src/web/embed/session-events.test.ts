import { describe, expect, it } from 'vitest'
import type { Viewer } from '../../shared/relay-protocol.ts'
import type { SessionState } from '../console/session/model.ts'
import { initialSnapshot } from '../console/session/snapshot.ts'
import type { Viewers } from '../console/session/viewers.ts'
import { eventsBetween } from './session-events.ts'

const words = () => ({ title: 'title', next: 'next' })
const seen = (state: SessionState, viewers: Viewers | null = null) => ({
  ...initialSnapshot,
  state,
  spoke: true,
  hurriesRelay: false,
  viewers,
})
const live: SessionState = { kind: 'live', transport: 'relay', since: { wall: 0, steady: 0 } }
const viewer = (id: string, role: Viewer['role']): Viewer => ({
  id,
  name: id,
  number: 1,
  tab: 1,
  mayWrite: true,
  role,
  owner: false,
})

describe('eventsBetween', () => {
  it('reports the first state, and nothing when nothing changed', () => {
    const start = seen({ kind: 'issuing' })
    expect(eventsBetween(null, start, words)).toEqual([{ type: 'state', state: 'issuing', mayType: false }])
    expect(eventsBetween(start, seen(start.state), words)).toEqual([])
  })

  it('reports that the keyboard came or went', () => {
    const ours = seen(live, { you: 'a', all: [viewer('a', 'writer'), viewer('b', 'viewer')] })
    const theirs = seen(live, { you: 'a', all: [viewer('a', 'viewer'), viewer('b', 'writer')] })
    expect(eventsBetween(ours, theirs, words)).toEqual([{ type: 'state', state: 'live', mayType: false }])
    expect(eventsBetween(theirs, ours, words)).toEqual([{ type: 'state', state: 'live', mayType: true }])
  })

  it('reports a failure that is retried, each time', () => {
    const waiting = (ms: number) =>
      seen({
        kind: 'waiting',
        failure: { cause: 'network-lost', detail: 'close 1006' },
        wait: { since: { wall: 0, steady: 0 }, ms },
      })
    const error = {
      type: 'error',
      cause: 'network-lost',
      title: 'title',
      next: 'next',
      detail: 'close 1006',
      retries: true,
    }
    expect(eventsBetween(seen(live), waiting(1), words)).toEqual([
      { type: 'state', state: 'waiting', mayType: false },
      error,
    ])
    expect(eventsBetween(waiting(1), waiting(2), words)).toEqual([error])
  })

  it('reports the end, with its cause or as ours', () => {
    expect(eventsBetween(seen(live), seen({ kind: 'ended', failure: null }), words)).toEqual([
      { type: 'state', state: 'ended', mayType: false },
      { type: 'ended', cause: null },
    ])
    // The cause is one that is retried, but not after the session has ended.
    const failure = { cause: 'gateway-hung-up' } as const
    expect(eventsBetween(seen(live), seen({ kind: 'ended', failure }), words)).toMatchObject([
      { type: 'state' },
      { type: 'error', cause: 'gateway-hung-up', retries: false },
      { type: 'ended', cause: 'gateway-hung-up' },
    ])
  })
})
