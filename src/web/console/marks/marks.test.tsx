import { act, screen, waitFor } from '@testing-library/react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { FakeApi } from '../../../testing/web/fake-api.ts'
import { openConsole } from '../../../testing/web/open-console.ts'
import { draw } from '../../../testing/web/render.tsx'
import { t } from '../../../testing/web/words.ts'
import { en } from '../../locales/en.ts'
import MarksDialog from './marks-dialog.tsx'

const { marks: words } = en

beforeEach(() => void new FakeApi())

const theirs = { id: 'mark-1', at: 0, text: 'where it began', by: 'Ann' }

async function drawDialog({ write = true } = {}) {
  const console = openConsole()
  const onClose = vi.fn()
  await console.shared()
  await act(async () => {
    const parsed = new Promise<void>((resolve) => console.terminal.onWritten(resolve))
    console.line.connection.prints('one\r\ntwo')
    await parsed
    console.line.connection.relays({ type: 'marks', marks: [theirs] })
    if (!write) console.line.connection.joins({ may: { write: false, record: false, end: false } })
  })
  const { user } = await draw(
    <MarksDialog open={console.open} serverId="id-web" onClose={onClose} onFocus={() => {}} />,
  )
  return { ...console, user, onClose, told: console.line.connection.told }
}

describe('the marks', () => {
  it('mark the cursor’s line with a text', async () => {
    const { user, told, onClose } = await drawDialog()
    await user.type(screen.getByRole('textbox', { name: words.text }), ' look here ')
    await user.click(screen.getByRole('button', { name: words.mark }))
    expect(told).toContainEqual({ type: 'mark', at: 'login: one\r\n'.length, text: 'look here' })
    expect(onClose).toHaveBeenCalled()
  })

  it('lead to each line, and are taken away for all', async () => {
    const { user, told, line, onClose } = await drawDialog()
    expect(screen.getByRole('listitem')).toHaveTextContent(t('marks.by', { by: 'Ann' }))
    await user.click(screen.getByRole('button', { name: t('marks.remove', { mark: theirs.text }) }))
    expect(told).toContainEqual({ type: 'unmark', id: 'mark-1' })
    await user.click(screen.getByRole('button', { name: t('marks.jump', { mark: theirs.text }) }))
    expect(onClose).toHaveBeenCalled()
    act(() => void line.connection.relays({ type: 'marks', marks: [] }))
    await waitFor(() => expect(screen.queryByRole('listitem')).toBeNull())
  })

  it('are for a viewer who may only watch to see', async () => {
    await drawDialog({ write: false })
    expect(screen.getByRole('status')).toHaveTextContent(words.forbidden)
    expect(screen.queryByRole('button', { name: words.mark })).toBeNull()
    expect(screen.queryByRole('button', { name: t('marks.remove', { mark: theirs.text }) })).toBeNull()
    expect(screen.getByRole('listitem')).toHaveTextContent(theirs.text)
  })
})
