import { act, screen } from '@testing-library/react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { FakeApi } from '../../../testing/web/fake-api.ts'
import { viewer } from '../../../testing/web/fake-line.ts'
import { openConsole } from '../../../testing/web/open-console.ts'
import { draw } from '../../../testing/web/render.tsx'
import { t } from '../../../testing/web/words.ts'
import { en } from '../../locales/en.ts'
import { serverSettings } from '../../settings/server-settings.ts'
import { MatchOffer } from './match-offer.tsx'
import { SizeChip } from './size-chip.tsx'

const { size: words } = en
const SERVER = 'id-web'
const PROMPT = 'root@web-01:~# '

beforeEach(() => {
  new FakeApi()
  serverSettings.set(SERVER, { size: 'fit' })
})

async function drawSize() {
  const console = openConsole()
  const { user } = await draw(
    <>
      <MatchOffer open={console.open} serverId={SERVER} />
      <SizeChip open={console.open} serverId={SERVER} />
    </>,
  )
  await console.shared()
  const chip = () => screen.getByRole('button', { name: t('size.chip', { columns: 80, rows: 24 }) })
  return {
    ...console,
    user,
    /** Opens the chip's menu and chooses an item. */
    async choose(name: string | RegExp, role: 'menuitem' | 'menuitemradio' = 'menuitemradio') {
      await user.click(chip())
      await user.click(await screen.findByRole(role, { name }))
    },
    prints: (text: string) => act(async () => void console.line.connection.prints(text)),
  }
}

describe('the chip', () => {
  it('remembers a fixed size for the server', async () => {
    const { choose } = await drawSize()
    await choose('132 × 43')
    expect(serverSettings.get(SERVER).size).toEqual({ columns: 132, rows: 43 })
    await choose(words.fit)
    expect(serverSettings.get(SERVER).size).toBe('fit')
  })

  it('takes a size of one’s own, within bounds', async () => {
    const { choose, user } = await drawSize()
    await choose(words.own)
    const columns = await screen.findByRole('textbox', { name: words.columns })
    await user.clear(columns)
    await user.type(columns, '513')
    expect(screen.getByRole('button', { name: words.set })).toBeDisabled()
    await user.clear(columns)
    await user.type(columns, '100')
    await user.click(screen.getByRole('button', { name: words.set }))
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(serverSettings.get(SERVER).size).toEqual({ columns: 100, rows: 24 })
  })

  it('asks before the command goes to something that is no shell', async () => {
    const { choose, user, line, prints } = await drawSize()
    await prints('\r\nweb-01 login: ')
    await choose(new RegExp(words.match), 'menuitem')
    await screen.findByRole('dialog')
    expect(line.connection.typed).toBe('')
    await user.click(screen.getByRole('button', { name: words.asksType }))
    expect(line.connection.typed).toBe(' stty rows 24 cols 80\r')
  })

  it('says who decides where another viewer has the keyboard', async () => {
    const { line, terminal, user } = await drawSize()
    await act(async () => {
      line.connection.relays({ type: 'size', size: { columns: 132, rows: 43 } })
      line.connection.hasViewers(2, viewer(1), viewer(2))
    })
    const shown = { columns: 132, rows: 43 }
    // Without a window nothing is laid out, so the frame says what it would.
    vi.spyOn(terminal.frame, 'state', 'get').mockReturnValue({ choice: 'fit', shown, follows: true })
    await user.click(screen.getByRole('button', { name: /^Terminal size/ }))
    await screen.findByRole('menu')
    expect(screen.getByText(words.follows)).toBeVisible()
    expect(screen.getByRole('menuitemradio', { name: '80 × 24' })).toHaveAttribute('aria-disabled', 'true')
    expect(screen.getByRole('menuitem', { name: /^Set size on server/ })).toHaveTextContent(
      en.console.watchingWhy,
    )
  })
})

describe('the offer', () => {
  const offer = () => screen.findByRole('heading', { name: t('size.offer.both', { columns: 100, rows: 30 }) })
  const told = `${PROMPT}stty size\r\n30 100\r\n${PROMPT}`

  it('comes at a prompt where the machine writes for another size, and tells it ours', async () => {
    const { prints, user, line } = await drawSize()
    await prints(told)
    await offer()
    await user.click(screen.getByRole('button', { name: words.match }))
    expect(line.connection.typed).toBe(' stty rows 24 cols 80\r')
    expect(screen.queryByRole('heading')).toBeNull()
  })

  it('takes the machine’s size here', async () => {
    const { prints, user } = await drawSize()
    await prints(told)
    await offer()
    await user.click(screen.getByRole('button', { name: t('size.take', { size: '100 × 30' }) }))
    expect(serverSettings.get(SERVER).size).toEqual({ columns: 100, rows: 30 })
  })

  it('comes once', async () => {
    const { prints, user } = await drawSize()
    await prints(told)
    await offer()
    await user.click(screen.getByRole('button', { name: words.notNow }))
    await prints(`\r\n${PROMPT}stty size\r\n31 100\r\n${PROMPT}`)
    await expect.poll(() => screen.queryByRole('heading')).toBeNull()
  })
})
