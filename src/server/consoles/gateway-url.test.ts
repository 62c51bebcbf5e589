import { describe, expect, it } from 'vitest'
import { CloudError } from '../clouds/cloud.ts'
import { gatewayCspSources, parseGatewayPattern, toSocketUrl } from './gateway-url.ts'

describe('toSocketUrl', () => {
  const token = '0f8a2c5e-secret'

  it.each([
    [
      'https://console.example.com:443/serial/pod05ironic.region-01/?token=T',
      'wss://console.example.com/serial/pod05ironic.region-01/?token=T',
      'console.example.com',
    ],
    ['http://10.0.0.7:6083/?token=T&x=%2F', 'ws://10.0.0.7:6083/?token=T&x=%2F', '10.0.0.7:6083'],
    ['ws://host.example:6083/?token=T', 'ws://host.example:6083/?token=T', 'host.example:6083'],
    [
      'wss://pod1.bms.example.com:8003/?token=T',
      'wss://pod1.bms.example.com:8003/?token=T',
      '*.bms.example.com:8003',
    ],
  ])('turns %s into %s', (given, socket, gateway) => {
    expect(toSocketUrl(given, [gateway])).toBe(socket)
  })

  it.each([
    ['a host that is not listed', 'https://evil.example/?token='],
    ['a look-alike suffix', 'https://console.example.com.evil.example/?token='],
    ['a look-alike prefix', 'https://evilconsole.example.com/?token='],
    ['another port', 'https://console.example.com:8443/?token='],
    ['two labels below a wildcard', 'https://a.b.bms.example.com/?token='],
    ['the wildcard base itself', 'https://bms.example.com/?token='],
    ['another scheme', 'ftp://console.example.com/?token='],
    ['an unencrypted socket, if no port allows it', 'ws://console.example.com/?token='],
    ['an unencrypted socket at the port of wss', 'http://console.example.com:443/?token='],
    ['a user name', 'https://ops@console.example.com/?token='],
    ['no URL', '//console.example.com/?token='],
  ])('refuses %s without repeating the token', (_, given) => {
    let thrown: unknown
    try {
      toSocketUrl(given + token, ['console.example.com', '*.bms.example.com'])
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(CloudError)
    expect(JSON.stringify(thrown) + String(thrown) + String((thrown as Error).cause)).not.toContain(token)
  })
})

it('the page may open an unencrypted socket only where a port is named', () => {
  expect(gatewayCspSources(['a.example', '*.b.example', 'c.example:6083', '[::1]:6083'])).toEqual([
    'wss://a.example',
    'wss://*.b.example',
    'wss://c.example:6083',
    'ws://c.example:6083',
  ])
})

describe('parseGatewayPattern', () => {
  it.each([
    '*',
    '*.com',
    '*.1.2.3',
    'a b',
    'https://x.example',
    'x.example:0',
    'x.example:99999',
    'x.example/path',
    '',
  ])('refuses %j', (text) => expect(parseGatewayPattern(text)).toBeNull())
  it('reads IPv6 in brackets', () => {
    expect(parseGatewayPattern('[::1]:6083')).toEqual({ host: '[::1]', wildcard: false, port: '6083' })
  })
})
