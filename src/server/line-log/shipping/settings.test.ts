import { describe, expect, it } from 'vitest'
import { shipSettings } from './settings.ts'

const ship = (env: NodeJS.ProcessEnv) => shipSettings(env, 'relay')
const loki = (more: Record<string, string> = {}) =>
  ship({ BMS_CONSOLE_SHIP: 'loki', BMS_CONSOLE_SHIP_URL: 'https://loki.example.com', ...more })

describe('the settings of shipping', () => {
  it('ship nothing by default', () => {
    expect(ship({})).toBeNull()
    expect(ship({ BMS_CONSOLE_SHIP: 'off' })).toBeNull()
    expect(ship({ BMS_CONSOLE_SHIP: 'stdout' })).toEqual({ to: 'stdout' })
  })

  it('complete the URL of Loki', () => {
    const url = 'https://loki.example.com/loki/api/v1/push'
    expect(loki()).toEqual({ to: 'loki', url, token: null, tenant: null })
    expect(loki({ BMS_CONSOLE_SHIP_URL: url })).toMatchObject({ url })
    expect(loki({ BMS_CONSOLE_SHIP_URL: 'https://example.com/logs/' })).toMatchObject({
      url: 'https://example.com/logs/loki/api/v1/push',
    })
    expect(loki({ BMS_CONSOLE_SHIP_TOKEN: 'a:b', BMS_CONSOLE_SHIP_TENANT: 'ops' })).toMatchObject({
      token: 'a:b',
      tenant: 'ops',
    })
  })

  it('need a URL, and refuse what belongs to Loki where the lines go elsewhere', () => {
    expect(() => ship({ BMS_CONSOLE_SHIP: 'loki' })).toThrow('BMS_CONSOLE_SHIP_URL is missing')
    expect(() => ship({ BMS_CONSOLE_SHIP: 'stdout', BMS_CONSOLE_SHIP_TOKEN_FILE: '/x' })).toThrow(
      'BMS_CONSOLE_SHIP_TOKEN_FILE is set, but BMS_CONSOLE_SHIP is not loki',
    )
  })

  it('need the relay', () => {
    expect(() => shipSettings({ BMS_CONSOLE_SHIP: 'stdout' }, 'direct')).toThrow(
      'BMS_CONSOLE_TRANSPORT=auto or relay',
    )
  })

  it('refuse to send a token in the clear, except on loopback', () => {
    const token = { BMS_CONSOLE_SHIP_TOKEN: 'secret' }
    expect(loki({ BMS_CONSOLE_SHIP_URL: 'http://loki:3100' })).toMatchObject({ token: null })
    expect(loki({ BMS_CONSOLE_SHIP_URL: 'http://localhost:3100', ...token })).toMatchObject({
      token: 'secret',
    })
    expect(() => loki({ BMS_CONSOLE_SHIP_URL: 'http://loki:3100', ...token })).toThrow('use an https URL')
    expect(() => loki({ BMS_CONSOLE_SHIP_URL: 'https://a:b@loki.example.com' })).toThrow(
      'use BMS_CONSOLE_SHIP_TOKEN',
    )
  })
})
