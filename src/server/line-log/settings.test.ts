import { describe, expect, it } from 'vitest'
import { parseConfig } from '../config.ts'

const relay = { BMS_CONSOLE_TRANSPORT: 'relay' }
const dir = { BMS_CONSOLE_LINE_LOG_DIR: '/var/lib/lines' }
const read = (env: NodeJS.ProcessEnv) => parseConfig(env).lineLog

describe('the settings of the line log', () => {
  it('keep nothing unless they name a folder, and then with limits', () => {
    expect(read(relay)).toBeNull()
    expect(read({ ...relay, ...dir })).toEqual({
      dir: '/var/lib/lines',
      days: 30,
      totalMib: 10_240,
      lineMib: 256,
      tags: [],
    })
  })

  it('take other limits', () => {
    const limits = {
      BMS_CONSOLE_LINE_LOG_DAYS: '7',
      BMS_CONSOLE_LINE_LOG_TOTAL_MIB: '100',
      BMS_CONSOLE_LINE_LOG_LINE_MIB: '5',
    }
    expect(read({ ...relay, ...dir, ...limits })).toMatchObject({ days: 7, totalMib: 100, lineMib: 5 })
  })

  it.each([
    ['BMS_CONSOLE_LINE_LOG_DAYS', '0'],
    ['BMS_CONSOLE_LINE_LOG_TOTAL_MIB', '15'],
    ['BMS_CONSOLE_LINE_LOG_LINE_MIB', 'much'],
  ])('refuse %s=%s', (name, value) => {
    expect(() => read({ ...relay, ...dir, [name]: value })).toThrow(name)
  })

  it('need the relay, since other bytes do not pass this server', () => {
    expect(() => read({ ...dir, BMS_CONSOLE_TRANSPORT: 'direct' })).toThrow(
      /^BMS_CONSOLE_LINE_LOG_DIR needs BMS_CONSOLE_TRANSPORT=auto or relay/,
    )
    expect(read(dir)).toEqual(read({ ...dir, ...relay }))
  })
})
