import { readFileSync } from 'node:fs'
import { screen } from '@testing-library/react'
import { Info } from 'lucide-react'
import type { ReactNode } from 'react'
import { beforeEach, expect, it, onTestFinished } from 'vitest'
import { FakeApi } from '../../testing/web/fake-api.ts'
import { draw } from '../../testing/web/render.tsx'
import { FailureNotice } from './failure-notice.tsx'
import { Notice } from './notice.tsx'

/** Vitest leaves style sheets out. */
const sheet = readFileSync('src/web/styles.css', 'utf8')

beforeEach(() => {
  new FakeApi()
  const style = document.createElement('style')
  style.textContent = sheet.match(/^\.actions[^{]*\{[^}]*\}/gm)?.join('\n') ?? ''
  document.head.append(style)
  onTestFinished(() => style.remove())
})

const NoButton = () => null

const kinds: [string, (buttons: ReactNode) => ReactNode][] = [
  [
    'a notice',
    (buttons) => (
      <Notice Icon={Info} tone="info" title="Title" next="Next">
        {buttons}
      </Notice>
    ),
  ],
  ['a failure', (buttons) => <FailureNotice failure={{ cause: 'no-permission' }} actions={buttons} />],
]

it.each(kinds)('%s without buttons has no row for them', async (_, notice) => {
  const { container } = await draw(
    notice(
      <>
        {false}
        {null}
        <NoButton />
      </>,
    ),
  )
  expect(screen.getByRole('heading')).toBeVisible()
  expect(container.querySelector('.actions')).not.toBeVisible()
})

it.each(kinds)('%s with a button has them', async (_, notice) => {
  await draw(
    notice(
      <>
        {false}
        <button type="button">Act</button>
      </>,
    ),
  )
  expect(screen.getByRole('button', { name: 'Act' })).toBeVisible()
})
