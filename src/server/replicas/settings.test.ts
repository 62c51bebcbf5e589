import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parseConfig } from '../config.ts'
import { ConfigError } from '../environment.ts'
import { shownAddress } from './settings.ts'

const all = {
  BMS_CONSOLE_PUBLIC_ORIGINS: 'https://console.example.com',
  BMS_CONSOLE_REDIS_URL: 'rediss://user:password@redis.example.com:6380/1',
  BMS_CONSOLE_REPLICA_ADDRESS: '10.0.0.5:8090',
  BMS_CONSOLE_REPLICA_SECRET: 'x'.repeat(32),
}

const refusal = (change: NodeJS.ProcessEnv): string => {
  try {
    parseConfig({ ...all, ...change })
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  return 'nothing is refused'
}

describe('the settings of replicas', () => {
  it('are none by default: one process', () => {
    expect(parseConfig({}).replicas).toBeNull()
  })

  it('are read together', () => {
    expect(parseConfig(all).replicas).toEqual({
      redisUrl: all.BMS_CONSOLE_REDIS_URL,
      address: { host: '10.0.0.5', port: 8090 },
      secret: all.BMS_CONSOLE_REPLICA_SECRET,
    })
  })

  it.each([
    ['[fd00::5]:8090', { host: 'fd00::5', port: 8090 }],
    ['console-0.console.svc:8090', { host: 'console-0.console.svc', port: 8090 }],
  ])('take the address %s', (given, address) => {
    const { replicas } = parseConfig({ ...all, BMS_CONSOLE_REPLICA_ADDRESS: given })
    expect(replicas?.address).toEqual(address)
    expect(shownAddress(address)).toBe(given)
  })

  it('may come from files, as secrets do', () => {
    const dir = mkdtempSync(join(tmpdir(), 'replicas-'))
    onTestFinished(() => rmSync(dir, { recursive: true }))
    const file = (name: string, text: string) => {
      writeFileSync(join(dir, name), `${text}\n`)
      return join(dir, name)
    }
    const { BMS_CONSOLE_REDIS_URL: url, BMS_CONSOLE_REPLICA_SECRET: secret, ...others } = all
    const config = parseConfig({
      ...others,
      BMS_CONSOLE_REDIS_URL_FILE: file('url', url),
      BMS_CONSOLE_REPLICA_SECRET_FILE: file('secret', secret),
    })
    expect(config.replicas).toMatchObject({ redisUrl: url, secret })
  })

  it.each(['BMS_CONSOLE_REDIS_URL', 'BMS_CONSOLE_REPLICA_ADDRESS', 'BMS_CONSOLE_REPLICA_SECRET'])(
    'are refused where %s alone is missing, or alone is set',
    (name) => {
      expect(refusal({ [name]: undefined })).toMatch(new RegExp(`^${name} is missing .* are set`))
      const others = Object.keys(all).filter((each) => each.includes('RE') && each !== name)
      const alone = Object.fromEntries(others.map((each) => [each, undefined]))
      expect(refusal(alone)).toMatch(new RegExp(`is missing \\(${name} is set\\)`))
    },
  )

  it('need origins, since none would be that of loopback', () => {
    expect(refusal({ BMS_CONSOLE_PUBLIC_ORIGINS: undefined })).toMatch(
      /^BMS_CONSOLE_PUBLIC_ORIGINS is missing \(BMS_CONSOLE_REDIS_URL is set\)/,
    )
  })

  it.each([
    ['BMS_CONSOLE_REDIS_URL', 'http://redis.example.com'],
    ['BMS_CONSOLE_REDIS_URL', 'redis.example.com:6379'],
    ['BMS_CONSOLE_REPLICA_ADDRESS', '10.0.0.7'],
    ['BMS_CONSOLE_REPLICA_ADDRESS', '10.0.0.5:0'],
    ['BMS_CONSOLE_REPLICA_ADDRESS', '10.0.0.5:70000'],
    ['BMS_CONSOLE_REPLICA_ADDRESS', 'fd00::5:8090:x'],
    ['BMS_CONSOLE_REPLICA_SECRET', 'x'.repeat(31)],
  ])('refuse %s=%s, and repeat no value', (name, value) => {
    const message = refusal({ [name]: value })
    expect(message).toMatch(new RegExp(`^${name} is not valid: it must be `))
    expect(message).not.toContain(value)
  })
})
