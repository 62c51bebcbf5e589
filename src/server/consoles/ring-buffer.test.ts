import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RingBuffer } from './ring-buffer.ts'

describe('the ring buffer', () => {
  it('holds the end of the stream, byte for byte, whatever the pieces', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20_000 }),
        fc.array(fc.nat(9_000), { maxLength: 30 }),
        (capacity, lengths) => {
          const ring = new RingBuffer(capacity)
          let all = Buffer.alloc(0)
          for (const length of lengths) {
            const piece = Buffer.from(Array.from({ length }, (_, at) => (all.length + at) % 251))
            all = Buffer.concat([all, piece])
            ring.append(piece)
            expect(ring.end).toBe(all.length)
            expect(ring.start).toBe(Math.max(0, all.length - capacity))
            expect(ring.read(ring.start, capacity).equals(all.subarray(ring.start))).toBe(true)
          }
        },
      ),
    )
  })

  it('reads from any offset, and at most what is asked for', () => {
    const ring = new RingBuffer(8)
    ring.append(Buffer.from('0123456789'))
    expect(ring.read(4, 3).toString()).toBe('456')
    expect(ring.read(8, 100).toString()).toBe('89')
    expect(ring.read(10, 100)).toHaveLength(0)
  })

  it('refuses an offset that it does not keep', () => {
    const ring = new RingBuffer(8)
    ring.append(Buffer.from('0123456789'))
    expect(() => ring.read(1, 1)).toThrow(RangeError)
    expect(() => ring.read(11, 1)).toThrow(RangeError)
  })

  it('gives copies: what comes later does not change them', () => {
    const ring = new RingBuffer(4)
    ring.append(Buffer.from('abcd'))
    const read = ring.read(0, 4)
    ring.append(Buffer.from('efgh'))
    expect(read.toString()).toBe('abcd')
  })
})
