import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { keyPair, pemOf, SECRET } from '../../testing/embed/portal.ts'
import { parseConfig } from '../config.ts'

const read = (env: NodeJS.ProcessEnv) => parseConfig(env).embed
const origins = { BMS_CONSOLE_EMBED_ORIGINS: 'https://portal.example.com,http://localhost:3000' }
const secret = { BMS_CONSOLE_LAUNCH_SECRET: SECRET }

const folder = mkdtempSync(join(tmpdir(), 'bms-console-embed-'))
function file(name: string, content: string) {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const privatePem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString()
const publicOf = (pair: { publicKey: KeyObject }) => pemOf(pair.publicKey)

describe('the settings of embedding', () => {
  it('are off by default', () => {
    expect(read({})).toBeNull()
  })

  it('take a secret, which may come from a file', () => {
    const expected = {
      origins: ['https://portal.example.com', 'http://localhost:3000'],
      key: { source: 'BMS_CONSOLE_LAUNCH_SECRET', secret: new TextEncoder().encode(SECRET) },
      issuer: null,
    }
    expect(read({ ...origins, ...secret })).toEqual(expected)
    const path = file('secret', `${SECRET}\n`)
    expect(read({ ...origins, BMS_CONSOLE_LAUNCH_SECRET_FILE: path })).toEqual(expected)
    expect(read({ ...origins, ...secret, BMS_CONSOLE_LAUNCH_ISSUER: 'portal' })?.issuer).toBe('portal')
  })

  it.each([
    ['EdDSA', ['EdDSA', 'Ed25519']],
    ['ES256', ['ES256']],
    ['RS256', ['RS256']],
  ] as const)('know by the type of a key that it is of %s', (algorithm, algorithms) => {
    const pem = publicOf(keyPair(algorithm))
    for (const env of [
      { BMS_CONSOLE_LAUNCH_KEY: pem },
      { BMS_CONSOLE_LAUNCH_KEY: pem.replaceAll('\n', '\\n') },
      { BMS_CONSOLE_LAUNCH_KEY_FILE: file(`${algorithm}.pem`, pem) },
    ])
      expect(read({ ...origins, ...env })?.key).toMatchObject({
        source: 'BMS_CONSOLE_LAUNCH_KEY',
        algorithms,
      })
  })

  it('take the address of a key set, or its file', () => {
    const at = (place: string) => read({ ...origins, BMS_CONSOLE_LAUNCH_JWKS: place })?.key
    expect(at('https://id.example.com/jwks')).toMatchObject({ url: new URL('https://id.example.com/jwks') })
    expect(at('http://127.0.0.1:9000/jwks')).toMatchObject({ url: { protocol: 'http:' } })
    const path = file('jwks.json', JSON.stringify({ keys: [] }))
    expect(at(path)).toMatchObject({ url: { protocol: 'file:', pathname: path } })
  })

  const bad = 'BMS_CONSOLE_LAUNCH_KEY is not valid'
  it.each<[what: string, env: NodeJS.ProcessEnv, says: string]>([
    ['origins without a key', origins, 'BMS_CONSOLE_EMBED_ORIGINS is set, but nothing to verify'],
    [
      'a secret without origins',
      secret,
      'BMS_CONSOLE_LAUNCH_SECRET is set, but BMS_CONSOLE_EMBED_ORIGINS is',
    ],
    [
      'an issuer without origins',
      { BMS_CONSOLE_LAUNCH_ISSUER: 'x' },
      'BMS_CONSOLE_LAUNCH_ISSUER is set, but',
    ],
    [
      'a secret file without origins',
      { BMS_CONSOLE_LAUNCH_SECRET_FILE: '/none' },
      'BMS_CONSOLE_LAUNCH_SECRET_FILE is set, but BMS_CONSOLE_EMBED_ORIGINS is not',
    ],
    [
      'two keys',
      { ...origins, ...secret, BMS_CONSOLE_LAUNCH_JWKS: 'https://id.example.com' },
      'BMS_CONSOLE_LAUNCH_SECRET and BMS_CONSOLE_LAUNCH_JWKS are both set',
    ],
    [
      'a key and a file of another',
      { ...origins, ...secret, BMS_CONSOLE_LAUNCH_KEY_FILE: '/none' },
      'BMS_CONSOLE_LAUNCH_SECRET and BMS_CONSOLE_LAUNCH_KEY are both set',
    ],
    [
      'mode iam',
      { ...origins, ...secret, BMS_CONSOLE_SIGN_IN: 'iam' },
      'BMS_CONSOLE_SIGN_IN=iam there is nothing',
    ],
    [
      'a console on plain http',
      { ...origins, ...secret, BMS_CONSOLE_PUBLIC_ORIGINS: 'http://console.example.com' },
      'BMS_CONSOLE_PUBLIC_ORIGINS has http://console.example.com, but needs https',
    ],
    [
      'a short secret',
      { ...origins, BMS_CONSOLE_LAUNCH_SECRET: 'x'.repeat(31) },
      'BMS_CONSOLE_LAUNCH_SECRET is not',
    ],
    ['an empty file', { ...origins, BMS_CONSOLE_LAUNCH_KEY_FILE: file('empty', '') }, bad],
    ['a key that is none', { ...origins, BMS_CONSOLE_LAUNCH_KEY: 'a key' }, bad],
    [
      'a private key',
      { ...origins, BMS_CONSOLE_LAUNCH_KEY: privatePem(keyPair('ES256').privateKey) },
      `${bad} (it is a private key, which belongs to the portal's backend alone)`,
    ],
    [
      'a short RSA key',
      { ...origins, BMS_CONSOLE_LAUNCH_KEY: publicOf(generateKeyPairSync('rsa', { modulusLength: 1024 })) },
      `${bad} (it is rsa 1024)`,
    ],
    [
      'another curve',
      { ...origins, BMS_CONSOLE_LAUNCH_KEY: publicOf(generateKeyPairSync('ec', { namedCurve: 'P-384' })) },
      `${bad} (it is ec secp384r1)`,
    ],
    [
      'a key set on plain http',
      { ...origins, BMS_CONSOLE_LAUNCH_JWKS: 'http://id.example.com' },
      '_JWKS is not valid',
    ],
    [
      'a key set of a strange scheme',
      { ...origins, BMS_CONSOLE_LAUNCH_JWKS: 'file:///etc/jwks' },
      '_JWKS is not valid',
    ],
    [
      'no file',
      { ...origins, BMS_CONSOLE_LAUNCH_JWKS: '/none.json' },
      '_JWKS is not valid (it names a file that',
    ],
    [
      'a file that is no key set',
      { ...origins, BMS_CONSOLE_LAUNCH_JWKS: file('not.json', '{"keys":"none"}') },
      '_JWKS is not valid (it names a file that',
    ],
    ...[
      'https://portal.example.com/',
      'https://portal.example.com/app',
      'http://portal.example.com',
      'https://*.example.com',
      '*',
      'null',
      "https://portal.example.com;script-src'unsafe-inline'",
      'http://[::1]:3000',
      'portal.example.com',
      'HTTPS://portal.example.com',
      ',',
    ].map((origin): [string, NodeJS.ProcessEnv, string] => [
      `the origin ${origin}`,
      { ...secret, BMS_CONSOLE_EMBED_ORIGINS: origin },
      'BMS_CONSOLE_EMBED_ORIGINS is not valid: it must be a comma-separated list of https origins',
    ]),
  ])('refuse %s, and name the variable', (_, env, says) => {
    expect(() => read(env)).toThrow(says)
    expect(() => read(env)).not.toThrow(SECRET)
  })
})
