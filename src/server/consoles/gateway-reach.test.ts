import { expect, it } from 'vitest'
import { ManualClock } from '../../testing/clock.ts'
import type { Target } from '../outbound/proxies.ts'
import { WayError } from '../outbound/way-error.ts'
import { GatewayReach } from './gateway-reach.ts'

const target: Target = { hostname: 'gateway.test', port: 443, secure: true }

function start() {
  const clock = new ManualClock()
  const tried: string[] = []
  let why: WayError | null = null
  const reach = new GatewayReach(async ({ hostname, port }) => {
    tried.push(`${hostname}:${port}`)
    return why
  }, clock)
  return {
    clock,
    tried,
    reach,
    fails(fault: WayError['fault'] | undefined) {
      why = fault === undefined ? null : new WayError(fault, 'No way.')
    },
  }
}

it('tries a gateway once for all who ask at the same time, and for those of the next minute', async () => {
  const { clock, tried, reach } = start()
  expect(await Promise.all([reach.why(target), reach.why(target)])).toEqual([null, null])
  await clock.advance(59_000)
  await reach.why(target)
  expect(tried).toEqual(['gateway.test:443'])
  await clock.advance(1_000)
  await reach.why(target)
  await reach.why({ ...target, port: 6083 })
  expect(tried).toEqual(['gateway.test:443', 'gateway.test:443', 'gateway.test:6083'])
})

it('finds within 20 s that a gateway is back, and within a minute that one is gone', async () => {
  const { clock, reach, fails } = start()
  fails('timeout')
  expect(await reach.why(target)).toMatchObject({ fault: 'timeout' })
  fails(undefined)
  await clock.advance(19_000)
  expect(await reach.why(target)).toMatchObject({ fault: 'timeout' })
  await clock.advance(1_000)
  expect(await reach.why(target)).toBeNull()
  fails('refused')
  await clock.advance(60_000)
  expect(await reach.why(target)).toMatchObject({ fault: 'refused' })
})
