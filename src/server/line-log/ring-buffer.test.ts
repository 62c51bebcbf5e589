import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RingBuffer } from './ring-buffer.ts'

/** All that is kept from `from` on. */
function readAll(ring: RingBuffer, from = ring.start): Buffer {
  const pieces = []
  for (let at = from; at < ring.end; ) {
    const piece = ring.read(at, 10_000)
    pieces.push(piece)
    at += piece.length
  }
  return Buffer.concat(pieces)
}

const BYTES = Buffer.from(Array.from({ length: 502 }, (_, at) => at % 251))

describe('the ring buffer', () => {
  it('holds the end of the stream, byte for byte, whatever the pieces', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.array(fc.oneof(fc.nat(200), fc.nat(9_000), fc.integer({ min: 16_000, max: 70_000 })), {
          maxLength: 20,
        }),
        (capacity, lengths) => {
          const ring = new RingBuffer(capacity)
          let all = Buffer.alloc(0)
          for (const length of lengths) {
            const piece = Buffer.alloc(length, BYTES.subarray(all.length % 251))
            all = Buffer.concat([all, piece])
            ring.append(piece)
            expect(ring.end).toBe(all.length)
            expect(ring.start).toBe(Math.max(0, all.length - capacity))
            expect(readAll(ring).equals(all.subarray(ring.start))).toBe(true)
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

  it('drops what has no room any more, and takes it back before the rest', () => {
    const sizes = fc.oneof(fc.nat(200), fc.integer({ min: 10_000, max: 70_000 }))
    fc.assert(
      fc.property(fc.array(sizes, { maxLength: 10 }), sizes, sizes, (lengths, small, later) => {
        const all = Buffer.concat(lengths.map((length, at) => Buffer.alloc(length, BYTES.subarray(at))))
        const ring = new RingBuffer(1_000_000, 500)
        ring.append(all)
        ring.resize(small + 1)
        expect(ring.start).toBe(500 + Math.max(0, all.length - small - 1))
        ring.resize(1_000_000)
        ring.append(BYTES.subarray(0, later))
        const lost = all.subarray(0, ring.start - 500)
        if (lost.length > 0) ring.prepend(Buffer.from(lost))
        expect(ring.start).toBe(500)
        expect(readAll(ring).equals(Buffer.concat([all, BYTES.subarray(0, later)]))).toBe(true)
      }),
    )
  })

  it('refuses an offset that it does not keep', () => {
    const ring = new RingBuffer(8)
    ring.append(Buffer.from('0123456789'))
    expect(() => ring.read(1, 1)).toThrow(RangeError)
    expect(() => ring.read(11, 1)).toThrow(RangeError)
  })

  it('overwrites nothing: what comes later does not change what was read', () => {
    const ring = new RingBuffer(4)
    ring.append(Buffer.from('abcd'))
    const read = ring.read(0, 4)
    ring.append(Buffer.from('efgh'))
    expect(read.toString()).toBe('abcd')
  })

  it('keeps a large buffer as it is, and only the small part that it needs of one', () => {
    const ring = new RingBuffer(1024 * 1024)
    const large = Buffer.alloc(64 * 1024, 'a')
    ring.append(large)
    const part = Buffer.alloc(1024 * 1024, 'b').subarray(0, 20_000)
    ring.append(part)
    expect(ring.read(0, 1).buffer).toBe(large.buffer)
    expect(ring.read(large.length, 1).buffer).not.toBe(part.buffer)
    expect(readAll(ring, large.length).equals(part)).toBe(true)
  })

  it('needs little memory for a line that says little, whatever lies between', () => {
    const ring = new RingBuffer(2 * 1024 * 1024)
    const pages = new Set<ArrayBufferLike>()
    for (let round = 0; round < 30; round++) {
      ring.append(Buffer.from('login: '))
      pages.add(ring.read(ring.end - 1, 1).buffer)
      ring.append(Buffer.alloc(20_000))
    }
    expect([...pages].map(({ byteLength }) => byteLength)).toEqual([512])
  })
})
