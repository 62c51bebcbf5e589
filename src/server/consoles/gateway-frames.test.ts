import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ControlFrame, clientFrame, FrameError, FrameReader } from './gateway-frames.ts'

/** A frame as a server sends it: unmasked. */
function serverFrame(opcode: number, payload: Buffer, final = true): Buffer {
  const { length } = payload
  const head = length < 126 ? [length] : length < 65_536 ? [126, length >> 8, length & 0xff] : [127]
  const wide = Buffer.alloc(length < 65_536 ? 0 : 8)
  if (wide.length > 0) wide.writeBigUInt64BE(BigInt(length))
  return Buffer.concat([Buffer.from([(final ? 0x80 : 0) | opcode, ...head]), wide, payload])
}

/** Reads the wire in pieces of the given sizes, over and over. */
function readAll(wire: Buffer, sizes: readonly number[]) {
  const reader = new FrameReader()
  const data: Buffer[] = []
  const controls: ControlFrame[] = []
  for (let at = 0, turn = 0; at < wire.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1
    const read = reader.read(Buffer.from(wire.subarray(at, at + size)))
    if (read.data) data.push(read.data)
    controls.push(...read.controls)
    at += size
  }
  return { data: Buffer.concat(data), pieces: data.length, controls }
}

const payload = (length: number) => Buffer.from(Array.from({ length }, (_, index) => (index * 7) & 0xff))

describe('reading frames', () => {
  it('gives the same bytes however frames are cut, on the wire and by the gateway', () => {
    const frame = fc.oneof(
      fc.record({ kind: fc.constantFrom('text', 'binary', 'part'), length: fc.nat(300) }),
      fc.record({ kind: fc.constant('binary'), length: fc.constantFrom(125, 126, 65_535, 65_536, 70_000) }),
      fc.record({ kind: fc.constantFrom('ping', 'pong'), length: fc.nat(125) }),
    )
    fc.assert(
      fc.property(
        fc.array(frame),
        fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1 }),
        (frames, sizes) => {
          const opcodes = { part: 0x0, text: 0x1, binary: 0x2, ping: 0x9, pong: 0xa } as const
          const wire: Buffer[] = []
          const data: Buffer[] = []
          const pings: Buffer[] = []
          for (const { kind, length } of frames) {
            const bytes = payload(length)
            wire.push(serverFrame(opcodes[kind as keyof typeof opcodes], bytes))
            if (kind === 'ping') pings.push(bytes)
            else if (kind !== 'pong') data.push(bytes)
          }
          const read = readAll(Buffer.concat(wire), sizes)
          expect(read.data.equals(Buffer.concat(data))).toBe(true)
          expect(
            read.controls.flatMap((control) => (control.kind === 'ping' ? [control.payload] : [])),
          ).toEqual(pings)
        },
      ),
    )
  })

  it('joins many small frames of one chunk into one piece', () => {
    const wire = Buffer.concat([...'login: '].map((char) => serverFrame(0x2, Buffer.from(char))))
    const read = readAll(wire, [wire.length])
    expect(read.data.toString()).toBe('login: ')
    expect(read.pieces).toBe(1)
  })

  it('lets the bytes of a frame go before it is whole', () => {
    const reader = new FrameReader()
    const wire = serverFrame(0x2, payload(70_000))
    expect(reader.read(wire.subarray(0, 100)).data).toHaveLength(90)
  })

  it('takes a close as it is told, also one that the RFC forbids', () => {
    expect(readAll(Buffer.of(0x88, 0x02, 0x03, 0xed), [1]).controls).toEqual([{ kind: 'close', code: 1005 }])
    expect(readAll(Buffer.of(0x88, 0x00), [2]).controls).toEqual([{ kind: 'close', code: null }])
  })

  it.each([
    ['bits of an extension', Buffer.of(0xc2, 0x00), /extension/],
    ['a masked frame', Buffer.of(0x82, 0x80, 1, 2, 3, 4), /masked/],
    ['an unknown kind', Buffer.of(0x83, 0x00), /unknown kind 3/],
    ['a long ping', Buffer.of(0x89, 0x7e, 0x00, 0x80), /control frame/],
    ['a ping in parts', Buffer.of(0x09, 0x00), /control frame/],
  ])('refuses %s', (_, wire, message) => {
    expect(() => new FrameReader().read(wire)).toThrow(FrameError)
    expect(() => new FrameReader().read(wire)).toThrow(message)
  })
})

describe('frames to the gateway', () => {
  it.each([0, 1, 125, 126, 65_535, 65_536])('masks %i bytes, and says how many', (length) => {
    const mask = Buffer.of(0x11, 0x22, 0x33, 0x44)
    const frame = clientFrame('binary', payload(length), mask)
    const body = frame.subarray(frame.length - length)
    const unmasked = body.map((byte, at) => byte ^ (mask[at & 3] ?? 0))
    expect(frame[0]).toBe(0x82)
    expect((frame[1] ?? 0) & 0x80).toBe(0x80)
    expect(Buffer.from(unmasked).equals(payload(length))).toBe(true)
    expect(frame.length - length).toBe(length < 126 ? 6 : length < 65_536 ? 8 : 14)
  })

  it('masks each frame differently', () => {
    expect(clientFrame('binary', payload(20)).equals(clientFrame('binary', payload(20)))).toBe(false)
  })
})
