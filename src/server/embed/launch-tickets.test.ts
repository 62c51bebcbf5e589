import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../testing/clock.ts'
import { startTestCloud } from '../../testing/clouds/test-cloud.ts'
import {
  CONSOLE,
  claims,
  hs256,
  jws,
  keyPair,
  PORTAL,
  pemOf,
  SECRET,
  type Signer,
  signer,
} from '../../testing/embed/portal.ts'
import { CloudError } from '../clouds/cloud.ts'
import { PublicOrigins } from '../origins.ts'
import { MemoryStore } from '../store/memory-store.ts'
import type { Store } from '../store/store.ts'
import { launchKeys } from './launch-keys.ts'
import { LaunchTickets } from './launch-tickets.ts'
import type { LaunchKey } from './settings.ts'

const NOW = Date.parse('2030-01-01T00:00:00Z')

const bySecret: LaunchKey = { source: 'BMS_CONSOLE_LAUNCH_SECRET', secret: new TextEncoder().encode(SECRET) }
const byKey = (algorithm: 'EdDSA' | 'ES256' | 'RS256'): LaunchKey => ({
  source: 'BMS_CONSOLE_LAUNCH_KEY',
  key: keyPair(algorithm).publicKey,
  algorithms: [algorithm],
})
const bySet = (url: string): LaunchKey => ({ source: 'BMS_CONSOLE_LAUNCH_JWKS', url: new URL(url) })

function start(
  key: LaunchKey = bySecret,
  { issuer = null as string | null, max = 10, cooldownMs = 0, shared = null as Store | null } = {},
) {
  const clock = new ManualClock(NOW)
  const store = shared ?? new MemoryStore(clock, { maxValues: max })
  const tickets = new LaunchTickets({
    settings: { origins: [PORTAL], key, issuer },
    origins: new PublicOrigins([CONSOLE, 'https://other.console.test']),
    clock,
    store,
    keys: launchKeys(key, fetch, cooldownMs),
  })
  const passes = (ms: number) => clock.advance(ms)
  return { redeem: (ticket: string) => why(tickets.redeem(ticket)), tickets, passes }
}

/** Why a ticket is refused; null: it is good. */
const why = (redeemed: Promise<unknown>) =>
  redeemed.then(
    () => null,
    (error: unknown) => {
      if (error instanceof CloudError && error.failure.cause === 'launch-refused') return error.failure.detail
      throw error
    },
  )

const good = (changed: object = {}, by: Signer = hs256(SECRET)) => jws(by, claims(NOW, changed))

describe('a launch ticket', () => {
  it('says who comes, and where to', async () => {
    const { tickets } = start()
    expect(await tickets.redeem(good({ theme: 'dark', language: 'de-CH' }))).toEqual({
      user: { id: 'embed:portal#u-17', name: 'ada', role: 'operator' },
      server: 'linux-1',
      theme: 'dark',
      language: 'de-CH',
    })
  })

  it('names its user by the issuer, where one is configured', async () => {
    const { tickets } = start(bySecret, { issuer: PORTAL })
    const launch = await tickets.redeem(good({ iss: PORTAL, aud: ['https://x.test', CONSOLE], theme: null }))
    expect(launch).toMatchObject({ user: { id: `embed:${PORTAL}#u-17` }, theme: null, language: null })
  })

  it.each(['EdDSA', 'ES256', 'RS256'] as const)('is good when signed with %s', async (algorithm) => {
    expect(await start(byKey(algorithm)).redeem(good({}, signer(algorithm)))).toBeNull()
  })

  it.each<[what: string, changed: object, detail: string]>([
    ['for another console', { aud: 'https://evil.test' }, 'audience (aud) is https://evil.test; expected'],
    ['for a look-alike', { aud: `${CONSOLE}/` }, `audience (aud) is ${CONSOLE}/; expected ${CONSOLE} or`],
    ['of another issuer', { iss: 'https://evil.test' }, 'issuer (iss) is https://evil.test; BMS_CONSOLE_LA'],
    ['of no issuer', { iss: undefined }, 'issuer (iss) is missing; BMS_CONSOLE_LAUNCH_ISSUER is'],
    ['that is over', { iat: NOW / 1000 - 70, exp: NOW / 1000 - 12 }, 'expired 12 s ago'],
    ['that is over just now', { exp: NOW / 1000 }, 'expired 0 s ago'],
    ['from the future', { iat: NOW / 1000 + 6, exp: NOW / 1000 + 20 }, 'begins (iat, nbf) 6 s from now'],
    ['not yet good', { nbf: NOW / 1000 + 30 }, 'begins (iat, nbf) 30 s from now'],
    [
      'that is good for too long',
      { exp: NOW / 1000 + 61 },
      'is valid for 61 s (iat to exp); the limit is 60 s',
    ],
    ['that is good for ever', { exp: 1e11 }, 'the limit is 60 s'],
    ['of an admin', { role: 'admin' }, 'claim “role” is missing or not valid'],
    ['with a path for a server', { server: '../linux-2' }, 'claim “server” is missing or not valid'],
    ['with line breaks in the name', { name: 'ada\nroot' }, 'claim “name” is missing or not valid'],
    ['with a time in words', { exp: 'tomorrow' }, 'claim “exp” is missing or not valid'],
    ['with an endless jti', { jti: 'x'.repeat(129) }, 'claim “jti” is missing or not valid'],
    ['of no known theme', { theme: 'pink' }, 'claim “theme” is missing or not valid'],
    ...['sub', 'name', 'server', 'role', 'aud', 'iat', 'exp', 'jti'].map(
      (claim): [string, object, string] => [
        `without ${claim}`,
        { [claim]: undefined },
        `claim “${claim}” is`,
      ],
    ),
  ])('%s is refused, and its portal’s operator reads why', async (_, changed, detail) => {
    const { redeem } = start(bySecret, { issuer: PORTAL })
    expect(await redeem(good({ iss: PORTAL, ...changed }))).toContain(detail)
  })

  it('may be from a clock that is a little ahead', async () => {
    expect(await start().redeem(good({ iat: NOW / 1000 + 5, exp: NOW / 1000 + 65 }))).toBeNull()
  })

  it('from before the start is refused, since it may have been used then', async () => {
    const { redeem, passes } = start()
    const before = good({ iat: NOW / 1000 - 1, exp: NOW / 1000 + 59 })
    expect(await redeem(before)).toContain('was made (iat) 1 s before this console started')
    passes(10_000)
    expect(await redeem(before)).toContain('was made (iat) 1 s before this console started')
    expect(await redeem(good({ iat: NOW / 1000, exp: NOW / 1000 + 59 }))).toBeNull()
  })

  it('from before the start is good where the store remembers its use', async () => {
    const shared: Store = Object.assign(new MemoryStore(new ManualClock(NOW)), { shared: true })
    const before = good({ iat: NOW / 1000 - 1, exp: NOW / 1000 + 59 })
    expect(await start(bySecret, { shared }).redeem(before)).toBeNull()
    expect(await start(bySecret, { shared }).redeem(before)).toContain('was already used')
  })

  it('from the second of the start is good: `iat` has whole seconds', async () => {
    const clock = new ManualClock(NOW + 900)
    const tickets = new LaunchTickets({
      settings: { origins: [PORTAL], key: bySecret, issuer: null },
      origins: new PublicOrigins([CONSOLE]),
      clock,
      store: new MemoryStore(clock),
    })
    expect(await why(tickets.redeem(good()))).toBeNull()
  })

  it('shows what its names hide', async () => {
    const { tickets } = start()
    const { user } = await tickets.redeem(good({ name: 'ada\u202enimda' }))
    expect(user.name).toBe('ada\\u202enimda')
  })

  it('is of an object of claims', async () => {
    for (const payload of [[], 'ada', null, 4711])
      expect(await start().redeem(jws(hs256(SECRET), payload))).toContain('The ticket')
  })
})

describe('a forged ticket', () => {
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const rsa = keyPair('RS256').publicKey
  const none: Signer = { alg: 'none', sign: () => Buffer.alloc(0) }
  const [header, payload, signature] = good({}, signer('RS256')).split('.')
  const other = Buffer.from(JSON.stringify(claims(NOW, { sub: 'root' }))).toString('base64url')

  it.each<[what: string, ticket: string, detail: string]>([
    [
      'signed by another',
      good({}, signer('RS256', stranger.privateKey)),
      'does not verify with BMS_CONSOLE_LA',
    ],
    ['not signed', good({}, none), 'algorithm none; BMS_CONSOLE_LAUNCH_KEY takes RS256'],
    ['not signed, in other letters', good({}, { ...none, alg: 'nOnE' }), 'algorithm nOnE;'],
    ['of no algorithm', jws(none, claims(NOW), { alg: undefined }), 'algorithm (not shown);'],
    ['of an algorithm that is a sentence', jws(none, {}, { alg: 'Call 555 now' }), 'algorithm (not shown);'],
    [
      'with the public key as a secret',
      good({}, hs256(pemOf(rsa))),
      'algorithm HS256; BMS_CONSOLE_LAUNCH_KEY',
    ],
    ['of another kind of key', good({}, signer('ES256')), 'algorithm ES256; BMS_CONSOLE_LAUNCH_KEY takes'],
    ['that renames its algorithm', jws(signer('ES256'), claims(NOW), { alg: 'RS256' }), 'does not verify'],
    [
      'that brings its own key',
      jws(signer('RS256', stranger.privateKey), claims(NOW), {
        jwk: stranger.publicKey.export({ format: 'jwk' }),
      }),
      'does not verify',
    ],
    ['with other claims', `${header}.${other}.${signature}`, 'does not verify'],
    ['with its signature cut off', `${header}.${payload}.`, 'does not verify'],
    ['in two parts', `${header}.${payload}`, 'is not a JWT'],
    ['in five parts', `${header}.${payload}.${signature}.x.y`, 'is not a JWT'],
    ['of no form', 'A'.repeat(8_192), 'is not a JWT'],
    ['with what must be understood', jws(signer('RS256'), claims(NOW), { crit: ['x'], x: 1 }), '“crit”'],
    ['unencoded', jws(signer('RS256'), claims(NOW), { crit: ['b64'], b64: true }), '“crit”'],
  ])('%s is refused', async (_, ticket, detail) => {
    const { redeem } = start(byKey('RS256'))
    expect(await redeem(ticket)).toContain(detail)
    expect(await redeem(good({}, signer('RS256')))).toBeNull()
  })

  it('with an empty secret, or signed with the key of a secret’s name, is refused', async () => {
    for (const by of [hs256(''), hs256('null'), signer('RS256'), none])
      expect(await start().redeem(good({}, by))).toMatch(/does not verify|takes HS256/)
  })

  it('is told nothing of the secret', async () => {
    for (const ticket of [
      good({}, hs256('a guess')),
      good({}, none),
      'x',
      good({ aud: 'https://evil.test' }),
    ])
      expect(await start().redeem(ticket)).not.toContain(SECRET)
  })
})

it('whatever comes is refused in words, nothing of it breaks the server', async () => {
  const keys = ['EdDSA', 'ES256', 'RS256'] as const
  const set = {
    keys: keys.map((each) => ({ ...keyPair(each).publicKey.export({ format: 'jwk' }), kid: each })),
  }
  const { endpoint } = await startTestCloud(() => ({ body: set }))
  const { redeem } = start(bySet(endpoint), { cooldownMs: 60_000 })
  const part = fc.oneof(
    fc.string(),
    fc.json().map((json) => Buffer.from(json).toString('base64url')),
  )
  const header = fc.dictionary(
    fc.constantFrom('alg', 'kid', 'typ', 'jwk', 'x5c', 'crit', 'b64', 'zip'),
    fc.jsonValue(),
  )
  const changed = fc.dictionary(
    fc.constantFrom(...Object.keys(claims(NOW)), 'nbf', 'iss', 'theme'),
    fc.jsonValue(),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(part, { maxLength: 6 }),
      header,
      changed,
      fc.jsonValue(),
      async (parts, head, some, any) => {
        expect(await redeem(parts.join('.'))).toContain('The ticket')
        expect(await redeem(jws(signer('ES256'), any, { kid: 'ES256' }))).toContain('The ticket')
        // These may even be good: no other error than a refusal comes of them.
        await redeem(jws(signer('ES256'), claims(NOW), head))
        await redeem(jws(signer('ES256'), claims(NOW, some), { kid: 'ES256' }))
      },
    ),
    { numRuns: 500 },
  )
})

describe('a ticket is used once', () => {
  it('also when it comes several times at once', async () => {
    const { redeem } = start()
    const ticket = good()
    const all = await Promise.all(Array.from({ length: 20 }, () => redeem(ticket)))
    expect(all.filter((detail) => detail === null)).toHaveLength(1)
    expect(all.filter((detail) => detail?.includes('was already used'))).toHaveLength(19)
  })

  it('up to its last moment, and its jti may come again only after', async () => {
    const { redeem, passes } = start()
    const jti = { jti: 'the-same' }
    const ticket = good(jti)
    expect(await redeem(ticket)).toBeNull()
    passes(59_999)
    expect(await redeem(ticket)).toContain('was already used')
    expect(await redeem(jws(hs256(SECRET), claims(NOW + 59_000, jti)))).toContain('was already used')
    passes(1)
    expect(await redeem(ticket)).toContain('expired')
    expect(await redeem(jws(hs256(SECRET), claims(NOW + 60_000, jti)))).toBeNull()
  })

  it('which nobody without the key can have forgotten, and the holder of the key neither', async () => {
    const { redeem, passes } = start(bySecret, { max: 3 })
    const first = good()
    expect(await redeem(first)).toBeNull()
    for (let i = 0; i < 50; i++) await redeem(good({}, hs256('a guess')))
    expect(await redeem(first)).toContain('was already used')
    expect([await redeem(good()), await redeem(good())]).toEqual([null, null])
    expect(await redeem(good())).toContain('Too many tickets')
    expect(await redeem(first)).toContain('was already used')
    passes(60_000)
    expect(await redeem(jws(hs256(SECRET), claims(NOW + 60_000)))).toBeNull()
  })

  it('is not used up by a refusal', async () => {
    const { redeem, tickets } = start()
    const ticket = good()
    const renews = {
      user: { id: 'embed:portal#u-17', name: 'ada', role: 'operator' as const },
      server: 'linux-1',
    }
    const bob = { ...renews, user: { ...renews.user, id: 'embed:portal#bob' } }
    const viewer = { ...renews, user: { ...renews.user, role: 'viewer' as const } }
    expect(await why(tickets.redeem(ticket, { ...renews, server: 'linux-2' }))).toContain('for linux-2')
    expect(await why(tickets.redeem(ticket, bob))).toContain('another user (sub)')
    expect(await why(tickets.redeem(ticket, viewer))).toContain('role operator; the console it renews')
    expect(await why(tickets.redeem(ticket, renews))).toBeNull()
    expect(await redeem(ticket)).toContain('was already used')
  })
})

describe('a key set', () => {
  const jwk = (key: KeyObject, kid: string) => ({ ...key.export({ format: 'jwk' }), kid, use: 'sig' })
  const signed = (by: Signer, kid?: string) => jws(by, claims(NOW), kid === undefined ? {} : { kid })

  it('has keys of every kind, each for its own algorithm', async () => {
    const keys = (['EdDSA', 'ES256', 'RS256'] as const).map((each) => jwk(keyPair(each).publicKey, each))
    const { endpoint, requests } = await startTestCloud(() => ({ body: { keys } }))
    const { redeem } = start(bySet(endpoint), { cooldownMs: 60_000 })
    for (const each of ['EdDSA', 'ES256', 'RS256'] as const) {
      expect(await redeem(signed(signer(each), each))).toBeNull()
      // Only one of them can be meant.
      expect(await redeem(signed(signer(each)))).toBeNull()
    }
    expect(await redeem(signed(signer('ES256'), 'RS256'))).toContain('names the key RS256, which BMS_CONSOLE')
    expect(await redeem(signed(hs256(pemOf(keyPair('RS256').publicKey)), 'RS256'))).toContain(
      'algorithm HS256;',
    )
    expect(requests).toHaveLength(1)
  })

  it('is read again for a key that it does not have, but not as often as anybody likes', async () => {
    const [before, after] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')]
    let keys = [jwk(before.publicKey, 'k1')]
    const { endpoint, requests } = await startTestCloud(() => ({ body: { keys } }))
    const { redeem } = start(bySet(endpoint))
    expect(await redeem(signed(signer('EdDSA', before.privateKey), 'k1'))).toBeNull()
    keys = [jwk(after.publicKey, 'k2')]
    expect(await redeem(signed(signer('EdDSA', after.privateKey), 'k2'))).toBeNull()
    expect(await redeem(signed(signer('EdDSA', before.privateKey), 'k1'))).toContain(
      'names the key k1, which',
    )
    expect(await redeem(signed(signer('EdDSA', before.privateKey), 'k2'))).toContain('does not verify')
    const patient = start(bySet(endpoint), { cooldownMs: 60_000 })
    expect(await patient.redeem(signed(signer('EdDSA', after.privateKey), 'k2'))).toBeNull()
    const asked = requests.length
    for (let i = 0; i < 20; i++) await patient.redeem(signed(signer('EdDSA', after.privateKey), `guess-${i}`))
    expect(requests).toHaveLength(asked)
  })

  it('with several keys of one kind must be told which', async () => {
    const [a, b] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')]
    const { endpoint } = await startTestCloud(() => ({
      body: { keys: [jwk(a.publicKey, 'a'), jwk(b.publicKey, 'b')] },
    }))
    const { redeem } = start(bySet(endpoint))
    expect(await redeem(signed(signer('EdDSA', b.privateKey)))).toContain('does not say by its kid')
    expect(await redeem(signed(signer('EdDSA', b.privateKey), 'b'))).toBeNull()
    expect(await redeem(signed(signer('EdDSA', b.privateKey), 'ask at evil.test'))).toContain('(not shown)')
  })

  it.each([
    ['does not answer', { fault: 'drops' as const }],
    ['is not found', { status: 404 }],
    ['leads elsewhere', { status: 302, headers: { location: 'https://evil.test' } }],
    ['is not a set', { body: { keys: 'none' } }],
    ['is not JSON', { body: '<html>' }],
    ['is too long', { body: { keys: [], more: ' '.repeat(1024 * 1024) } }],
  ])('that %s lets nobody in, and is asked again', async (_, answer) => {
    let down = true
    const keys = [jwk(keyPair('ES256').publicKey, 'k')]
    const { endpoint } = await startTestCloud(() => (down ? answer : { body: { keys } }))
    const { redeem } = start(bySet(endpoint))
    const ticket = signed(signer('ES256'), 'k')
    expect(await redeem(ticket)).toContain('BMS_CONSOLE_LAUNCH_JWKS could not be read')
    down = false
    expect(await redeem(ticket)).toBeNull()
  })

  it('with a shared or private key in it does not verify with it', async () => {
    const oct = { kty: 'oct', k: Buffer.from(SECRET).toString('base64url'), kid: 'shared' }
    const secret = { ...keyPair('ES256').privateKey.export({ format: 'jwk' }), kid: 'private' }
    const { endpoint } = await startTestCloud(() => ({ body: { keys: [oct, secret] } }))
    const { redeem } = start(bySet(endpoint))
    expect(await redeem(signed(hs256(SECRET), 'shared'))).toContain('algorithm HS256;')
    expect(await redeem(signed(signer('ES256'), 'private'))).toContain('could not be read')
  })

  it('may be a file, which is read again likewise', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'bms-console-keys-')), 'jwks.json')
    const write = (kid: string) =>
      writeFileSync(file, JSON.stringify({ keys: [jwk(keyPair('ES256').publicKey, kid)] }))
    write('k1')
    const { redeem } = start(bySet(pathToFileURL(file).href))
    expect(await redeem(signed(signer('ES256'), 'k1'))).toBeNull()
    write('k2')
    expect(await redeem(signed(signer('ES256'), 'k2'))).toBeNull()
  })
})
