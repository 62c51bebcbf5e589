import { screen } from '@testing-library/react'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Failure } from '../../shared/cause.ts'
import { FakeApi } from '../../testing/web/fake-api.ts'
import { draw } from '../../testing/web/render.tsx'
import { en } from '../locales/en.ts'
import { FailureNotice } from './failure-notice.tsx'

beforeEach(() => void new FakeApi())

const { causes, way } = en
const expired: Failure = {
  cause: 'gateway-unreachable',
  fault: 'certificate-expired',
  detail: 'The gateway console.test:8003 shows a certificate that has expired (CERT_HAS_EXPIRED).',
}

describe('a failure on the way', () => {
  it('says to whom, what was wrong, what to do, and that it goes on', async () => {
    await draw(<FailureNotice failure={expired} />)
    const alert = screen.getByRole('alert')
    expect(alert).toHaveTextContent(causes['gateway-unreachable'].title)
    expect(await screen.findByText(`${way['certificate-expired']} ${way.goesOn}`)).toBeVisible()
    expect(alert).not.toHaveTextContent(causes['gateway-unreachable'].next)
    expect(screen.getByText(/console\.test:8003 .* \(CERT_HAS_EXPIRED\)/)).toBeInTheDocument()
  })

  it('names the settings of a proxy for a cloud', async () => {
    await draw(<FailureNotice failure={{ cause: 'cloud-unreachable', fault: 'name-unknown' }} />)
    expect(await screen.findByText(/set HTTPS_PROXY/)).toBeVisible()
    expect(screen.getByRole('alert')).toHaveTextContent(causes['cloud-unreachable'].title)
  })

  it.each(['of-tomorrow', 'goesOn', undefined])(
    'has the words of its cause where the fault is %s',
    async (fault) => {
      const { fault: _, ...plain } = expired
      await draw(
        <>
          <FailureNotice failure={fault === undefined ? plain : { ...plain, fault }} />
          <FailureNotice failure={{ cause: 'cloud-unreachable', fault: 'refused' }} />
        </>,
      )
      await screen.findByText(`${way.refused} ${way.goesOn}`)
      const [alert] = screen.getAllByRole('alert')
      expect(alert).toHaveTextContent(causes['gateway-unreachable'].next)
    },
  )

  it('keeps the words that a page chose', async () => {
    await draw(<FailureNotice failure={expired} words={{ title: 'Title', next: 'Next' }} />)
    expect(screen.getByRole('alert')).toHaveTextContent('TitleNext')
  })
})

it('only a timeout is said to be a firewall’s', () => {
  for (const [fault, text] of Object.entries(way))
    expect(/firewall/i.test(text), fault).toBe(fault.endsWith('timeout'))
})
