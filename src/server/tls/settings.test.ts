import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isInstalled } from '../../testing/installed.ts'
import { early, expired, TestAuthority } from '../../testing/outbound/certificates.ts'
import { parseConfig } from '../config.ts'
import { ConfigError } from '../environment.ts'
import { tlsSettings } from './settings.ts'

describe.skipIf(!isInstalled('openssl'))('the certificate of this server', () => {
  const dir = mkdtempSync(join(tmpdir(), 'tls-'))
  let authority: TestAuthority
  beforeAll(() => {
    authority = new TestAuthority()
  })
  afterAll(() => {
    authority.remove()
    rmSync(dir, { recursive: true })
  })

  const file = (name: string, text: string) => {
    const path = join(dir, name)
    writeFileSync(path, text)
    return path
  }
  const env = (cert: string, key: string) => ({ BMS_CONSOLE_TLS_CERT: cert, BMS_CONSOLE_TLS_KEY: key })
  const refusal = (settings: NodeJS.ProcessEnv): string => {
    try {
      parseConfig(settings)
    } catch (error) {
      if (error instanceof ConfigError) return error.message
      throw error
    }
    return 'nothing is refused'
  }

  it('is none by default', () => {
    expect(parseConfig({}).tls).toBeNull()
  })

  it('is read with those that lead to a root', () => {
    const own = authority.issue()
    const cert = file('cert', `${own.cert}${authority.pem}`)
    const key = file('key', own.key)
    const settings = tlsSettings(env(cert, key))
    expect(settings).toMatchObject({ certFile: cert, keyFile: key, pair: { key: own.key } })
    const twoDays = 2 * 86_400_000
    expect(Math.abs((settings?.pair.until ?? 0) - Date.now() - twoDays)).toBeLessThan(60_000)
  })

  it('is refused where no browser would accept it, in words that name what is wrong', () => {
    const own = authority.issue()
    const other = authority.issue()
    const old = authority.issue({ valid: expired })
    const tooNew = authority.issue({ valid: early })
    const cert = file('cert', own.cert)
    const key = file('key', own.key)
    const absent = join(dir, 'absent')
    const refused: [cert: string, key: string, message: RegExp][] = [
      [absent, key, /^BMS_CONSOLE_TLS_CERT names a file that cannot be read \(ENOENT\)$/],
      [cert, absent, /^BMS_CONSOLE_TLS_KEY names a file that cannot be read \(ENOENT\)$/],
      [cert, dir, /^BMS_CONSOLE_TLS_KEY names a file that cannot be read \(EISDIR\)$/],
      [key, key, /^BMS_CONSOLE_TLS_CERT names a file without a certificate in PEM$/],
      [cert, cert, /^BMS_CONSOLE_TLS_KEY names a file without a private key in PEM$/],
      [
        file('broken-cert', own.cert.replace(/\n[^-\n]{20}/, '\nAAAAAAAAAAAAAAAAAAAA')),
        key,
        /^BMS_CONSOLE_TLS_CERT names a file with a certificate that cannot be read$/,
      ],
      [
        cert,
        file('broken-key', own.key.replace(/\n[^-\n]{20}/, '\nAAAAAAAAAAAAAAAAAAAA')),
        /^BMS_CONSOLE_TLS_KEY names a file with a key that cannot be read \(ERR_OSSL\w+\)$/,
      ],
      [
        cert,
        file('locked', authority.locked(own.key)),
        /^BMS_CONSOLE_TLS_KEY names a key with a password, .* store it without$/,
      ],
      [cert, file('other', other.key), /^BMS_CONSOLE_TLS_KEY names the key of another certificate than /],
      [
        file('upside-down', `${authority.pem}${own.cert}`),
        key,
        /of BMS_CONSOLE_TLS_KEY is not the first one$/,
      ],
      [
        file('old', old.cert),
        file('old-key', old.key),
        /^BMS_CONSOLE_TLS_CERT names a certificate that expired on 2021-01-01$/,
      ],
      [
        file('new', tooNew.cert),
        file('new-key', tooNew.key),
        /^BMS_CONSOLE_TLS_CERT names a certificate that is not valid before 2098-01-01$/,
      ],
    ]
    for (const [certFile, keyFile, message] of refused) {
      const said = refusal(env(certFile, keyFile))
      expect(said).toMatch(message)
      expect(said).not.toContain(dir)
    }
  })

  it.skipIf(process.getuid?.() === 0)('is refused where this user may not read its key', () => {
    const own = authority.issue()
    const closed = file('closed', own.key)
    chmodSync(closed, 0o000)
    expect(refusal(env(file('cert', own.cert), closed))).toBe(
      'BMS_CONSOLE_TLS_KEY names a file that cannot be read (EACCES)',
    )
  })

  it('needs its key, and the key needs it', () => {
    expect(refusal({ BMS_CONSOLE_TLS_CERT: '/etc/cert.pem' })).toMatch(
      /^BMS_CONSOLE_TLS_KEY is missing \(BMS_CONSOLE_TLS_CERT is set\)/,
    )
    expect(refusal({ BMS_CONSOLE_TLS_KEY: '/etc/key.pem' })).toMatch(/^BMS_CONSOLE_TLS_CERT is missing/)
  })

  it('leaves no origin on plain http', () => {
    const own = authority.issue()
    const settings = env(file('cert', own.cert), file('key', own.key))
    expect(refusal({ ...settings, BMS_CONSOLE_PUBLIC_ORIGINS: 'http://localhost:8080' })).toMatch(
      /^BMS_CONSOLE_PUBLIC_ORIGINS has http:\/\/localhost:8080, but .* speaks https alone$/,
    )
  })
})
