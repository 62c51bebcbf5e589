import { describe, expect, it } from 'vitest'
import { InputStream } from './input-stream.ts'
import { LineInput } from './line-input.ts'

const KIB = 1024

function start() {
  const sent: Buffer[] = []
  const input = new LineInput({ send: (bytes) => void sent.push(bytes), onHanded() {} })
  input.opening()
  input.opened()
  return { input, sent, length: () => Buffer.concat(sent).length }
}

describe('what waits for a gateway', () => {
  it('is little in its socket, however much is typed', () => {
    const { input, length } = start()
    const stream = new InputStream('ada', 0)
    input.type(stream, Buffer.alloc(10 * KIB), null)
    expect(length()).toBe(4 * KIB)
    input.written(KIB)
    expect(length()).toBe(5 * KIB)
    input.written(5 * KIB)
    input.written(9 * KIB)
    expect(length()).toBe(10 * KIB)
  })

  it('takes little more memory than its bytes, also where each key comes alone', () => {
    const { input, sent } = start()
    const stream = new InputStream('ada', 0)
    input.type(stream, Buffer.alloc(4 * KIB), null)
    for (let count = 0; count < 12 * KIB; count++) input.type(stream, Buffer.of(count & 0xff), null)
    for (let count = 4; count <= 16; count++) input.written(count * KIB)
    expect(Buffer.concat(sent.slice(1))).toEqual(
      Buffer.from(Array.from({ length: 12 * KIB }, (_, index) => index & 0xff)),
    )
    expect(sent.length).toBeLessThanOrEqual(1 + 13)
  })

  it('counts anew on each connection', () => {
    const { input, length } = start()
    const stream = new InputStream('ada', 0)
    input.type(stream, Buffer.alloc(3 * KIB), null)
    input.lost()
    input.opening()
    input.opened()
    input.type(stream, Buffer.alloc(4 * KIB), null)
    expect(length()).toBe(7 * KIB)
    input.proved(KIB, 'pong')
    expect(stream.state(0)).toMatchObject({ proved: 4 * KIB })
    expect(stream.waiting).toBe(3 * KIB)
  })
})
