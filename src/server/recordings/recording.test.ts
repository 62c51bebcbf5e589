import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ManualClock } from '../../testing/clock.ts'
import type { RecordingSink } from './line-writer.ts'
import { MAX_WAITING_BYTES, Recording, type RecordingOptions } from './recording.ts'

const MIB = 1024 * 1024
const Event = z.tuple([z.number(), z.enum(['o', 'i', 'm']), z.string()])

/** A file in memory; `hold` makes it as slow as a disk can be. */
class MemorySink implements RecordingSink {
  data = Buffer.alloc(0)
  writes = 0
  closed = false
  hold: Promise<void> | null = null
  failWith: Error | null = null

  async write(data: Buffer): Promise<void> {
    this.writes += 1
    await this.hold
    if (this.failWith) {
      this.data = Buffer.concat([this.data, data.subarray(0, data.length / 2)])
      throw this.failWith
    }
    this.data = Buffer.concat([this.data, data])
  }

  async truncate(bytes: number): Promise<void> {
    this.data = this.data.subarray(0, bytes)
  }

  async close(): Promise<void> {
    this.closed = true
  }

  /** Every line parses, and the file ends with a whole one. */
  events(): z.infer<typeof Event>[] {
    const lines = this.data.toString('utf8').split('\n')
    expect(lines.pop()).toBe('')
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ version: 2, width: 80, height: 24, title: 'web-01' })
    return lines.slice(1).map((line) => Event.parse(JSON.parse(line)))
  }

  text(code: 'o' | 'i' = 'o'): string {
    return this.events()
      .filter((event) => event[1] === code)
      .map((event) => event[2])
      .join('')
  }

  markers(): string[] {
    return this.events()
      .filter((event) => event[1] === 'm')
      .map((event) => event[2])
  }
}

function record(options: Partial<RecordingOptions> = {}) {
  const sink = new MemorySink()
  const clock = new ManualClock()
  const recording = new Recording({
    id: 'id',
    title: 'web-01',
    clock,
    open: async () => sink,
    maxBytes: 100 * MIB,
    recordInput: false,
    mask: null,
    ...options,
  })
  return { sink, clock, recording }
}

/** Any code point. The library's own `unit: 'binary'` is the same, but takes more than a second to make. */
const codePoint = fc
  .oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((code) => String.fromCodePoint(code))

/** Waits until writes under way are done. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('a masked recording', () => {
  /** Holds what has no end, and hides digits. */
  function masked() {
    let held = ''
    let passOn: (bytes: Uint8Array) => void = () => {}
    const say = (text: string) => text !== '' && passOn(Buffer.from(text.replace(/\d/g, '*')))
    const parts = record({
      recordInput: true,
      mask: (pass) => {
        passOn = pass
        return {
          push(bytes) {
            const text = held + bytes.toString()
            const end = text.lastIndexOf('\n') + 1
            held = text.slice(end)
            say(text.slice(0, end))
          },
          flush() {
            const text = held
            held = ''
            say(text)
          },
        }
      },
    })
    return parts
  }

  it('holds what the mask passes on, and what is typed as it is', async () => {
    const { sink, recording } = masked()
    recording.output(new Uint8Array(Buffer.from('pin 12')))
    recording.input(Buffer.from('12'))
    recording.output(Buffer.from('34\nnext 5'))
    await recording.stop('The session ended.')
    expect(sink.text()).toBe('pin ****\nnext *')
    expect(sink.text('i')).toBe('12')
  })

  it('has markers behind what waited before them', async () => {
    const { sink, recording } = masked()
    recording.output(Buffer.from('half'))
    recording.marker('connection lost')
    recording.output(Buffer.from(' 1'))
    await recording.stop('The session ended.')
    const told = sink.events().map(([, code, text]) => `${code} ${text}`)
    expect(told).toEqual([
      'm recording started',
      'o half',
      'm connection lost',
      'o  *',
      'm The session ended.',
    ])
  })
})

describe('a recording', () => {
  it('holds the same text, however the bytes are split', async () => {
    const text = fc.string({ unit: codePoint, maxLength: 300 })
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat(40)), async (printed, cuts) => {
        const { sink, recording } = record()
        const bytes = Buffer.from(printed)
        let start = 0
        for (const length of cuts) {
          recording.output(bytes.subarray(start, start + length))
          start += length
        }
        recording.output(bytes.subarray(start))
        await recording.stop('done')
        expect(sink.text()).toBe(bytes.toString('utf8'))
      }),
    )
  })

  it('stays a valid file whatever the bytes are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 50 })), async (chunks) => {
        const { sink, recording } = record()
        for (const chunk of chunks) recording.output(chunk)
        await recording.stop('done')
        expect(sink.text()).toBe(Buffer.concat(chunks).toString('utf8'))
      }),
    )
  })

  it('shows an invalid byte as U+FFFD', async () => {
    const { sink, recording } = record()
    recording.output(Buffer.from([0x41, 0xff, 0x42]))
    await recording.stop('done')
    expect(sink.text()).toBe('A\ufffdB')
  })

  it('keeps the time of each event, and joins what comes at once', async () => {
    const { sink, clock, recording } = record()
    clock.advance(1_500)
    recording.output(Buffer.from('a'))
    clock.advance(20)
    recording.output(Buffer.from('b'))
    clock.advance(40)
    recording.output(Buffer.from('c'))
    recording.marker('connection lost')
    await recording.stop('done')
    expect(sink.events()).toEqual([
      [0, 'm', 'recording started'],
      [1.5, 'o', 'ab'],
      [1.56, 'o', 'c'],
      [1.56, 'm', 'connection lost'],
      [1.56, 'm', 'done'],
    ])
    expect(await recording.ended).toMatchObject({
      state: 'complete',
      duration: 1.56,
      bytes: sink.data.length,
    })
  })

  it('has everything in the file within a second, whole lines only', async () => {
    const { sink, clock, recording } = record()
    await settled()
    for (let tenth = 0; tenth < 50; tenth += 1) {
      recording.output(Buffer.from(`${tenth};`))
      clock.advance(100)
      await settled()
      const seen = sink.text().split(';').length - 1
      // Printed up to one second ago.
      expect(seen).toBeGreaterThanOrEqual(tenth + 1 - 10)
    }
  })

  it('keeps what is typed only where policy says so', async () => {
    for (const recordInput of [false, true]) {
      const { sink, recording } = record({ recordInput })
      recording.input(Buffer.from('secret\r'))
      recording.output(Buffer.from('***'))
      await recording.stop('done')
      expect(sink.text('i')).toBe(recordInput ? 'secret\r' : '')
      expect(sink.text()).toBe('***')
    }
  })

  it('makes few events and few writes of a flood', async () => {
    const { sink, recording } = record()
    const chunk = Buffer.alloc(1024, 'x')
    for (let count = 0; count < 8 * 1024; count += 1) {
      recording.output(chunk)
      if (count % 64 === 0) await settled()
    }
    await recording.stop('done')
    expect(sink.text()).toHaveLength(8 * MIB)
    expect(sink.events().length).toBeLessThan((8 * MIB) / (32 * 1024))
    expect(sink.writes).toBeLessThan(100)
  })

  it('waits for no disk: it loses bytes, in bounded memory, and says how many', async () => {
    const { sink, clock, recording } = record()
    let release: () => void = () => {}
    sink.hold = new Promise((resolve) => {
      release = resolve
    })
    const chunk = Buffer.alloc(64 * 1024, 'x')
    for (let count = 0; count < 1024; count += 1) recording.output(chunk)
    expect(recording.bytes).toBeLessThan(MAX_WAITING_BYTES * 1.1)
    const { lostBytes } = recording
    expect(lostBytes).toBeGreaterThan(50 * MIB)
    release()
    await settled()
    clock.advance(1_000)
    recording.output(Buffer.from('and on'))
    await recording.stop('done')
    expect(sink.text().length + lostBytes).toBe(64 * MIB + 'and on'.length)
    expect(sink.text()).toMatch(/and on$/)
    expect(sink.markers()).toContain(
      `${lostBytes} bytes were not recorded: they came faster than the disk could take them`,
    )
    expect(await recording.ended).toMatchObject({ state: 'complete', lostBytes })
  })

  it('ends at its size limit with a marker, and takes no more', async () => {
    const { sink, clock, recording } = record({ maxBytes: MIB })
    for (let count = 0; count < 2_000; count += 1) {
      recording.output(Buffer.alloc(1024, 'x'))
      clock.advance(100)
      await settled()
    }
    expect(await recording.ended).toMatchObject({ state: 'size-limit', bytes: sink.data.length })
    expect(sink.data.length).toBeLessThanOrEqual(MIB)
    expect(sink.data.length).toBeGreaterThan(0.98 * MIB)
    expect(sink.markers().at(-1)).toBe('The recording reached its limit of 1 MiB.')
    expect(sink.closed).toBe(true)
    recording.marker('too late')
    await recording.stop('too late')
    expect(sink.markers()).not.toContain('too late')
  })

  it('ends when the disk fails, and leaves whole lines', async () => {
    const { sink, clock, recording } = record()
    await settled()
    recording.output(Buffer.from('kept'))
    clock.advance(1_000)
    await settled()
    sink.failWith = Object.assign(new Error('no space'), { code: 'ENOSPC' })
    recording.output(Buffer.from('lost'))
    clock.advance(1_000)
    expect(await recording.ended).toMatchObject({
      state: 'write-failed',
      reason: 'The recording could not be written (ENOSPC).',
      bytes: sink.data.length,
    })
    expect(sink.text()).toBe('kept')
    recording.output(Buffer.from('ignored'))
  })

  it('ends when the file cannot be opened', async () => {
    const { recording } = record({
      open: async () => {
        throw Object.assign(new Error('no'), { code: 'EACCES' })
      },
    })
    recording.output(Buffer.from('x'))
    expect(await recording.ended).toMatchObject({ state: 'write-failed', bytes: 0 })
  })
})
