import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { TestAuthority } from '../../testing/outbound/certificates.ts'
import { ConfigError } from '../environment.ts'
import { outboundSettings } from './settings.ts'

const read = (env: NodeJS.ProcessEnv) => outboundSettings(env, null)

function file(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'bms-outbound-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'file'), text)
  return join(folder, 'file')
}

describe('how connections leave this server', () => {
  it('is direct, and trusts whom Node trusts', () => {
    expect(read({})).toEqual({
      proxies: { https: null, http: null, except: [] },
      gatewayTls: { ca: null, verify: true },
    })
    expect(read({ HTTPS_PROXY: '', no_proxy: '' }).proxies).toEqual({ https: null, http: null, except: [] })
  })

  it('takes proxies by their usual names, those in lower case first', () => {
    const { proxies } = read({
      HTTPS_PROXY: 'http://upper.test:3128',
      https_proxy: 'http://lower.test:3128',
      HTTP_PROXY: 'plain.test:8080',
      NO_PROXY: 'upper.test',
      no_proxy: 'lower.test',
    })
    expect(proxies).toMatchObject({
      https: { hostname: 'lower.test', setting: 'https_proxy' },
      http: { hostname: 'plain.test', port: 8080, setting: 'HTTP_PROXY' },
      except: [{ kind: 'domain', domain: 'lower.test', port: null }],
    })
  })

  it('takes a proxy from a file, since its URL may have a password', () => {
    const { proxies } = read({ HTTPS_PROXY_FILE: file('http://user:hunter2@proxy.test:3128\n') })
    expect(proxies.https).toMatchObject({ hostname: 'proxy.test', port: 3128 })
    expect(proxies.https?.authorization).toBe(`Basic ${Buffer.from('user:hunter2').toString('base64')}`)
  })

  it('takes a file with several certificates', () => {
    const [one, other] = [new TestAuthority(), new TestAuthority()]
    onTestFinished(() => {
      for (const each of [one, other]) each.remove()
    })
    const both = `Subject: one\n${one.pem}\n${other.pem}`
    expect(read({ BMS_CONSOLE_GATEWAY_CACERT: file(both) }).gatewayTls).toEqual({ ca: both, verify: true })
  })

  it.each([
    [
      'HTTPS_PROXY',
      'http://:3128',
      /^HTTPS_PROXY is not valid: it must be the URL of an http or https proxy/,
    ],
    ['https_proxy', 'socks5://hunter2:1080', /^https_proxy is not valid/],
    ['HTTP_PROXY', 'http://user:hunter2@proxy.test/path', /^HTTP_PROXY is not valid/],
    ['http_proxy', 'http://', /^http_proxy is not valid/],
    ['NO_PROXY', '10.0.0.0/99', /^NO_PROXY is not valid: it must be a comma-separated list/],
    ['no_proxy', 'http://hunter2', /^no_proxy is not valid/],
    [
      'BMS_CONSOLE_GATEWAY_CACERT',
      '/nowhere/hunter2',
      /^BMS_CONSOLE_GATEWAY_CACERT names a file that cannot be read \(ENOENT\)$/,
    ],
  ])('refuses %s=%s, without repeating it', (name, value, says) => {
    const start = () => read({ [name]: value })
    expect(start).toThrow(ConfigError)
    expect(start).toThrow(says)
    expect(start).not.toThrow(/hunter2/)
  })

  it.each([
    [
      'a key',
      '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----',
      /without a certificate in PEM$/,
    ],
    ['a certificate in DER', '0\u0082', /without a certificate in PEM$/],
    ['an empty file', '', /without a certificate in PEM$/],
    [
      'half a certificate',
      '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
      /with a certificate that cannot be read$/,
    ],
  ])('refuses %s in place of certificates', (_, text, says) => {
    expect(() => read({ BMS_CONSOLE_GATEWAY_CACERT: file(text) })).toThrow(says)
  })
})
