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

  it('is bounded, though a tab that is reloaded has a new window each time', () => {
    const sent: Buffer[] = []
    const input = new LineInput({ send: (bytes) => void sent.push(bytes), onHanded() {} })
    const loads = Array.from({ length: 100 }, () => new InputStream('ada', 0))
    const typed = () => {
      sent.length = 0
      input.opening()
      for (const load of loads) input.type(load, Buffer.alloc(16 * KIB), null)
      const waiting = loads.map((load) => load.waiting).filter((bytes) => bytes > 0)
      input.opened()
      for (let count = 4; count <= 64; count++) input.written(count * KIB)
      input.proved(64 * KIB, 'written')
      return { waiting, sent: Buffer.concat(sent).length, left: loads.filter((load) => load.waiting > 0) }
    }
    const expected = { waiting: Array(4).fill(16 * KIB), sent: 64 * KIB, left: [] }
    expect(typed()).toEqual(expected)
    expect(typed()).toEqual(expected)
    expect(loads.at(-1)?.state(0).dropped).toEqual([
      { from: 0, to: 32 * KIB, why: 'line-down', fate: 'never-sent' },
    ])
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

  it('never leaves once the connection is gone, though the line does not count as lost yet', () => {
    const { input, sent } = start()
    const stream = new InputStream('ada', 0)
    input.type(stream, Buffer.from('a'), null)
    input.gone()
    input.type(stream, Buffer.from('b'), null)
    input.lost()
    expect(sent.map(String)).toEqual(['a'])
    expect(stream.state(0).dropped).toEqual([
      { from: 0, to: 1, why: 'line-lost', fate: 'unknown' },
      { from: 1, to: 2, why: 'line-lost', fate: 'never-sent' },
    ])
  })
})
