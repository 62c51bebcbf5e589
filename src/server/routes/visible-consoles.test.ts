import { describe, expect, it, vi } from 'vitest'
import { ManualClock } from '../../testing/clock.ts'
import { testServer } from '../../testing/server.ts'
import { person, silentCloud } from '../../testing/sign-in/identity.ts'
import type { LineInUse } from '../consoles/sessions.ts'
import { VisibleConsoles } from './visible-consoles.ts'

const inUse = (...ids: string[]): LineInUse[] =>
  ids.map((id) => ({
    server: { id, name: id },
    project: null,
    session: `session-${id}`,
    writer: null,
    viewers: 1,
    forMs: 0,
  }))
const idsOf = (lines: readonly LineInUse[]) => lines.map(({ server }) => server.id)

describe('which open consoles somebody hears of', () => {
  it('are all where this server’s role decides, and the cloud is not asked', async () => {
    const visible = new VisibleConsoles(new ManualClock())
    expect(idsOf(await visible.among(person('ada', 'viewer'), inUse('web-1', 'db-1')))).toEqual([
      'web-1',
      'db-1',
    ])
  })

  it('are those of one server in an embedded console', async () => {
    const visible = new VisibleConsoles(new ManualClock())
    const embedded = {
      ...person('ada'),
      confined: { server: 'db-1', permissions: ['list', 'open'] as const },
    }
    expect(idsOf(await visible.among(embedded, inUse('web-1', 'db-1')))).toEqual(['db-1'])
    const blind = { ...embedded, confined: { server: 'db-1', permissions: ['list'] as const } }
    expect(await visible.among(blind, inUse('web-1', 'db-1'))).toEqual([])
  })

  it('are those that the cloud lists for its user, and it is asked once a minute', async () => {
    const clock = new ManualClock()
    const servers = [testServer({ id: 'web-1' })]
    const listServers = vi.fn(async () => ({ servers, missing: [] }))
    const ada = { ...person('ada', 'viewer', { ...silentCloud, listServers }), cloudDecides: true }
    const visible = new VisibleConsoles(clock)
    // The list itself is kept for some seconds, by another clock: each question needs a scope that has none.
    vi.spyOn(ada.cloud, 'listServers').mockImplementation(listServers)
    const ask = async (...ids: string[]) => idsOf(await visible.among(ada, inUse(...ids)))
    expect(await ask()).toEqual([])
    expect(listServers).toHaveBeenCalledTimes(0)
    expect(await ask('web-1', 'db-1')).toEqual(['web-1'])
    clock.advance(10_000)
    expect(await ask('web-1', 'db-1')).toEqual(['web-1'])
    expect(listServers).toHaveBeenCalledTimes(1)
    servers.push(testServer({ id: 'new-1' }))
    expect(await ask('web-1', 'new-1')).toEqual(['web-1', 'new-1'])
    expect(listServers).toHaveBeenCalledTimes(2)
    servers.length = 0
    clock.advance(60_000)
    expect(await ask('web-1')).toEqual([])
  })
})
