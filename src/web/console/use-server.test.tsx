import { act, screen } from '@testing-library/react'
import { useEffect, useState } from 'react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Cause } from '../../shared/cause.ts'
import type { Server } from '../../shared/server.ts'
import { testServer } from '../../testing/server.ts'
import { FakeApi } from '../../testing/web/fake-api.ts'
import { issuedConsole } from '../../testing/web/fake-line.ts'
import { openConsole } from '../../testing/web/open-console.ts'
import { draw } from '../../testing/web/render.tsx'
import type { LineStatus } from './session/line-status.ts'
import type { ConsoleSession } from './session/session.ts'
import { lookAgainMs, useConnectWhenReady, useMachine } from './use-server.ts'

const on = testServer()
const off = testServer({ status: 'stopped', power: 'off' })
const building = testServer({ status: 'building', power: 'unknown' })

beforeEach(() => {
  new FakeApi()
  vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] })
})
afterEach(() => void vi.useRealTimers())
const pass = (ms: number) => act(async () => void vi.advanceTimersByTime(ms))

it('looks at a server that is off or at work often, at another while its line is not live', () => {
  const live: LineStatus = { kind: 'live', keyboard: 'ours', machine: null }
  const connecting: LineStatus = { kind: 'connecting', step: 'issuing', retried: null }
  expect(lookAgainMs(on, live)).toBeNull()
  expect(lookAgainMs(null, live)).toBeNull()
  expect(lookAgainMs(on, connecting)).toBe(15_000)
  for (const server of [off, building, testServer({ task: 'rebooting' })])
    expect(lookAgainMs(server, live)).toBe(10_000)
})

interface PageProps {
  session: ConsoleSession
  first: Server
  /** Is given what shows another server. */
  onReady: (show: (server: Server) => void) => void
}

function Page({ session, first, onReady }: PageProps) {
  const [server, setServer] = useState(first)
  useEffect(() => onReady(setServer), [onReady])
  useConnectWhenReady(session, server)
  return <p>{useMachine(session, server) ?? 'on'}</p>
}

async function page(first: Server) {
  const console = openConsole()
  let show: (server: Server) => void = () => {}
  const onReady = (given: typeof show) => {
    show = given
  }
  await draw(<Page session={console.session} first={first} onReady={onReady} />)
  return { ...console, becomes: (server: Server) => act(async () => show(server)) }
}

it('believes that a server is off once its line is quiet', async () => {
  const { live, line } = await page(off)
  expect(screen.getByText('off')).toBeVisible()
  await live()
  await pass(1_000)
  expect(screen.getByText('on')).toBeVisible()
  await pass(3_000)
  expect(screen.getByText('off')).toBeVisible()
  // It prints: whatever the cloud says, it is on.
  await act(async () => line.connection.prints('Booting'))
  await pass(1_000)
  expect(screen.getByText('on')).toBeVisible()
})

it('lets no gateway be blamed for a server that is not there', async () => {
  const { session, becomes } = await page(building)
  expect(screen.getByText('building')).toBeVisible()
  expect(session.machineAway).toBe(true)
  await becomes(on)
  expect(session.machineAway).toBe(false)
})

it.each<[string, Server, Cause]>([
  ['was off', off, 'server-not-running'],
  ['was off, and whose gateway hung up', off, 'gateway-hung-up'],
  ['was off, and whose gateway may refuse the page', off, 'origin-doubtful'],
  ['was being created', building, 'server-not-ready'],
])('connects at once to a server that %s, when it is ready', async (_, first, cause) => {
  const { session, line, becomes } = await page(first)
  await act(async () => {
    session.connect()
    ;(await line.give(issuedConsole.direct)).fails({ cause })
  })
  await becomes({ ...first })
  expect(line.asked).toHaveLength(1)
  await becomes(on)
  expect(line.asked).toHaveLength(2)
})

it('leaves a line alone that a person ended', async () => {
  const { session, live, line, becomes } = await page(off)
  await live()
  await act(async () => session.disconnect())
  await becomes(on)
  expect(line.asked).toHaveLength(1)
})
