import { describe, expect, it } from 'vitest'
import { Utf8Doubt } from './utf8-doubt.ts'

const read = (...bytes: number[]) => new TextDecoder().decode(Uint8Array.from(bytes))
/** 中文 in GBK */
const GBK = [0xd6, 0xd0, 0xce, 0xc4]

describe('Utf8Doubt', () => {
  it('arises once on a line of another encoding', () => {
    const doubt = new Utf8Doubt()
    const told = Array.from({ length: 20 }, () => doubt.arises(read(...GBK, 0x0d, 0x0a)))
    expect(told.filter(Boolean)).toHaveLength(1)
  })

  it('does not arise on UTF-8 with some noise', () => {
    const doubt = new Utf8Doubt()
    for (let line = 0; line < 100; line++) {
      expect(doubt.arises(`Příliš žluťoučký kůň 日本語 ${read(0xff)}\r\n`)).toBe(false)
    }
  })

  it('does not arise where noise is rare', () => {
    const doubt = new Utf8Doubt()
    for (let line = 0; line < 2_000; line++) {
      const noise = line % 20 === 0 ? read(0xff) : ''
      expect(doubt.arises(`[ 12.000000] a line of a kernel's log, in plain letters${noise}\r\n`)).toBe(false)
    }
  })
})
