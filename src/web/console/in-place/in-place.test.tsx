import { act, screen } from '@testing-library/react'
import { beforeEach, expect, it } from 'vitest'
import { FakeApi } from '../../../testing/web/fake-api.ts'
import { issuedConsole } from '../../../testing/web/fake-line.ts'
import { openConsole } from '../../../testing/web/open-console.ts'
import { draw } from '../../../testing/web/render.tsx'
import { en } from '../../locales/en.ts'
import { InPlace } from './in-place.tsx'

const { inPlace: words, causes, way } = en

beforeEach(() => void new FakeApi())

async function start() {
  const console = openConsole()
  const { user } = await draw(<InPlace open={console.open} />)
  const given = (unreached = 'timeout') =>
    act(async () => {
      console.session.connect()
      await console.line.give({ ...issuedConsole.direct, unreached })
    })
  return { ...console, user, given }
}

const heading = () => screen.findByRole('heading')
const noHeading = () => expect(screen.queryByRole('heading')).toBeNull()

it('says nothing of a line that the server gave as it always does', async () => {
  const console = await start()
  await console.live()
  await console.shared()
  noHeading()
})

it('says that a line is direct, what is not kept there and why, until that is read', async () => {
  const { given, line, user, focus } = await start()
  await given()
  noHeading()
  await act(async () => void line.connection.opens().prints('login: '))
  expect(await heading()).toHaveTextContent(words.direct)
  expect(screen.getByRole('status')).toHaveTextContent(`${words.direct}. ${words.directNext}`)
  await user.click(screen.getByText(words.why))
  expect(screen.getByText(way.timeout)).toBeVisible()
  const before = focus.mock.calls.length
  await user.click(screen.getByRole('button', { name: words.read }))
  noHeading()
  expect(focus.mock.calls.length).toBe(before + 1)
  // It is said once, and not after each loss.
  await act(async () => void line.connection.fails({ cause: 'gateway-closed' }))
  noHeading()
})

it('passes on a reason that a newer server knows', async () => {
  const { given, line, user } = await start()
  await given('of-tomorrow')
  await act(async () => void line.connection.opens())
  await heading()
  await user.click(screen.getByText(words.why))
  expect(screen.getByText('of-tomorrow')).toBeVisible()
})

it('says that neither way leads to the gateway, as long as that is so', async () => {
  const { given, line } = await start()
  await given()
  await act(async () => void line.connection.fails({ cause: 'gateway-unreachable' }))
  expect(line.asked.at(-1)?.relayOnly).toEqual({ type: 'direct-failed', why: 'gateway-unreachable' })
  await act(async () => {
    const connection = await line.give(issuedConsole.relay)
    connection.joins()
    noHeading()
    connection.relays({
      type: 'line-lost',
      failure: { cause: 'gateway-unreachable', fault: 'timeout' },
      retryInMs: 9_000,
    })
  })
  expect(await heading()).toHaveTextContent(words.none)
  expect(screen.getByRole('status')).toHaveTextContent(
    `${causes['gateway-unreachable'].title}. ${words.noneNext}`,
  )
  // The server has found a way. What was before says nothing of the next loss.
  await act(async () => void line.connection.relays({ type: 'line-opening', failure: null }).opens(true))
  noHeading()
  await act(
    async () =>
      void line.connection.relays({
        type: 'line-lost',
        failure: { cause: 'gateway-closed' },
        retryInMs: 9_000,
      }),
  )
  noHeading()
})
