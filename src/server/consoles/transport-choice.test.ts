import { describe, expect, it } from 'vitest'
import { parseConfig } from '../config.ts'
import { byReach, type ChoiceFacts, givesLinks, relayAtOnce } from './transport-choice.ts'

/** A writer at a line that nobody is on, where no setting wants the relay */
const facts: ChoiceFacts = { needs: [], mayWrite: true, onRelay: false, relayOnly: null }

describe('the choice of the way', () => {
  it('waits for whether the gateway is reached only where nothing else wants the relay', () => {
    expect(relayAtOnce(facts)).toBeNull()
  })

  it.each<[Partial<ChoiceFacts>, string]>([
    [{ needs: ['BMS_CONSOLE_RECORDINGS'] }, 'needed'],
    [{ mayWrite: false }, 'read-only'],
    [{ onRelay: true }, 'shared'],
    [{ relayOnly: { type: 'direct-failed', why: 'gateway-unreachable' } }, 'direct-failed'],
    [{ relayOnly: { type: 'relayed' } }, 'relayed'],
    [{ needs: ['BMS_CONSOLE_WATCH'], mayWrite: false, onRelay: true }, 'needed'],
  ])('is the relay at once: %o', (more, why) => {
    expect(relayAtOnce({ ...facts, ...more })).toBe(why)
  })

  it.each([
    // There is no way from here, and there may be one from a browser.
    ['refused', 'unreached'],
    ['no-route', 'unreached'],
    ['timeout', 'unreached'],
    ['name-unknown', 'unreached'],
    ['proxy-failed', 'unreached'],
    // An administrator does not want this server to connect, or has to mend something.
    ['certificate-unknown', 'refused'],
    ['certificate-expired', 'refused'],
    ['certificate-early', 'refused'],
    ['certificate-name', 'refused'],
    ['no-tls', 'refused'],
    ['proxy-credentials', 'refused'],
    ['proxy-refused', 'refused'],
    ['proxy-timeout', 'refused'],
    ['proxy-unreachable', 'refused'],
    [null, 'refused'],
    [undefined, 'reached'],
  ] as const)('takes %s for %s', (fault, why) => {
    expect(byReach(fault)).toBe(why)
  })

  it.each([
    [{}, true],
    [{ BMS_CONSOLE_TRANSPORT: 'direct' }, true],
    [{ BMS_CONSOLE_TRANSPORT: 'relay' }, false],
    [{ BMS_CONSOLE_TIME_LIMIT: '60' }, false],
    [{ BMS_CONSOLE_TRANSPORT: 'direct', BMS_CONSOLE_TIME_LIMIT: '60' }, true],
  ])('of %o gives links: %s', (env, gives) => {
    expect(givesLinks(parseConfig(env).console)).toBe(gives)
  })
})
