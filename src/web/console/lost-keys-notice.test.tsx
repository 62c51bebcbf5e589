import { act, screen } from '@testing-library/react'
import { beforeEach, expect, it } from 'vitest'
import { FakeApi } from '../../testing/web/fake-api.ts'
import { openConsole } from '../../testing/web/open-console.ts'
import { draw } from '../../testing/web/render.tsx'
import { t } from '../../testing/web/words.ts'
import { en } from '../locales/en.ts'
import { LostKeysNotice } from './lost-keys-notice.tsx'

const { lost: words } = en.console

beforeEach(() => void new FakeApi())

async function notice() {
  const console = openConsole()
  const { user } = await draw(
    <LostKeysNotice session={console.session} onFocus={() => console.terminal.focus()} />,
  )
  await console.shared()
  return { ...console, user }
}

/** The relay's line breaks, a password is typed, and the line is back. */
async function lose({ session, line }: Awaited<ReturnType<typeof notice>>) {
  await act(async () => {
    line.connection.relays({ type: 'line-lost', failure: { cause: 'gateway-closed' }, retryInMs: 1_000 })
    session.sendText('secret\r')
  })
}
const back = ({ line }: Awaited<ReturnType<typeof notice>>) =>
  act(async () => void line.connection.relays({ type: 'line-opening', failure: null }).opens(true))

const button = (name: string) => screen.getByRole('button', { name })
const title = t('console.lost.notSent', { count: 7 })

it('is not there while nothing was lost', async () => {
  await notice()
  expect(screen.queryByRole('heading')).toBeNull()
  expect(screen.getByRole('status')).toBeEmptyDOMElement()
})

it('says how many keys were lost, to a screen reader too, and sends them again by one key', async () => {
  const console = await notice()
  await lose(console)
  expect(screen.getByRole('heading')).toHaveTextContent(title)
  expect(screen.getByRole('status')).toHaveTextContent(`${title}. ${words.later}`)
  // There is no line to send them over.
  expect(button(words.again)).toBeDisabled()
  await back(console)
  expect(screen.getByRole('status')).toHaveTextContent(`${title}. ${words.next}`)
  button(words.again).focus()
  await console.user.keyboard('{Enter}')
  expect(console.line.connection.typed).toBe('secret\r')
  expect(console.focus).toHaveBeenCalledOnce()
  expect(screen.queryByRole('heading')).toBeNull()
})

it('shows what was typed only to who asks: it may be a password', async () => {
  const console = await notice()
  await lose(console)
  expect(document.body).not.toHaveTextContent('secret')
  await console.user.click(screen.getByText(words.show))
  expect(screen.getByText('secret⏎')).toBeVisible()
  await console.user.click(screen.getByText(words.show))
  expect(document.body).not.toHaveTextContent('secret')
})

it('forgets them when told to', async () => {
  const console = await notice()
  await lose(console)
  await console.user.click(button(words.dismiss))
  expect(screen.queryByRole('heading')).toBeNull()
  expect(console.session.input.lostText).toBe('')
  expect(console.focus).toHaveBeenCalledOnce()
})

it('says of keys that may have arrived that they may arrive twice', async () => {
  const console = await notice()
  await act(async () => {
    console.session.sendText('ls\r')
    console.line.connection.relays({ type: 'dropped', from: 0, to: 3, why: 'line-lost', fate: 'unknown' })
  })
  expect(screen.getByRole('heading')).toHaveTextContent(t('console.lost.unknown', { count: 3 }))
  expect(screen.getByText(words.twice)).toBeVisible()
})

it('only counts what the page before a reload typed', async () => {
  const console = openConsole({ stream: 'before', known: 0, sent: 4 })
  await draw(<LostKeysNotice session={console.session} onFocus={() => {}} />)
  await console.shared()
  expect(screen.getByRole('heading')).toHaveTextContent(t('console.lost.unknown', { count: 4 }))
  expect(screen.getByText(words.textless)).toBeVisible()
  expect(screen.queryByRole('button', { name: words.again })).toBeNull()
  expect(screen.queryByText(words.show)).toBeNull()
})
