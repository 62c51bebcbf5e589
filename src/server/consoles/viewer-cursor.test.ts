import { describe, expect, it } from 'vitest'
import type { RelayMessage } from '../../shared/relay-protocol.ts'
import { ManualClock } from '../../testing/clock.ts'
import { LineLog } from '../line-log/line-log.ts'
import { ViewerCursor } from './viewer-cursor.ts'

const START = 1_000_000

function start() {
  const clock = new ManualClock(START)
  const log = new LineLog({ session: 'one', keptBytes: 1024, clock, wall: clock, stored: null })
  /** @returns what the viewer gets, in order */
  const view = ({ knowsTimes = true, offset = null as number | null } = {}) => {
    const got: (string | RelayMessage)[] = []
    const port = {
      bufferedBytes: 0,
      send: (bytes: Buffer) => void got.push(bytes.toString()),
      notify: (message: RelayMessage) => void got.push(message),
      close() {},
    }
    const cursor = new ViewerCursor(port, log, log.place(offset, []), knowsTimes)
    cursor.pump()
    return { cursor, got: () => got.splice(0) }
  }
  const says = (text: string, ...cursors: ViewerCursor[]) => {
    const bytes = Buffer.from(text)
    log.append(bytes)
    for (const cursor of cursors) cursor.follow(bytes)
  }
  return { clock, log, view, says }
}

describe('times for a viewer', () => {
  it('come after the bytes, as often as ten times a second at most, and none from a silent line', () => {
    const { clock, view, says } = start()
    const { cursor, got } = view()
    expect(got()).toEqual([{ type: 'live' }])
    says('a', cursor)
    clock.advance(60)
    says('b', cursor)
    clock.advance(60)
    says('c', cursor)
    clock.advance(3_600_000)
    expect(got()).toEqual([
      'a',
      { type: 'times', now: START, stretches: [[0, START]] },
      'b',
      'c',
      { type: 'times', now: START + 120, stretches: [[2, START + 120]] },
    ])
  })

  it('come for history, as it was heard and not as it is shown', () => {
    const { clock, view, says } = start()
    says('one\r\n')
    clock.advance(5_000)
    says('two\r\n')
    clock.advance(60_000)
    expect(view().got()).toEqual([
      'one\r\ntwo\r\n',
      { type: 'live' },
      {
        type: 'times',
        now: START + 65_000,
        stretches: [
          [0, START],
          [5, 5_000],
        ],
      },
    ])
  })

  it('are told once more for the newest bytes of a viewer that comes back', () => {
    const { clock, view, says } = start()
    says('one')
    clock.advance(5_000)
    says('two')
    clock.advance(5_000)
    const { cursor, got } = view({ offset: 6 })
    expect(got()).toEqual([
      { type: 'live' },
      { type: 'times', now: START + 10_000, stretches: [[3, START + 5_000]] },
    ])
    says('three', cursor)
    expect(got()).toEqual(['three', { type: 'times', now: START + 10_000, stretches: [[6, START + 10_000]] }])
  })

  it('are not told to a page that does not know them', () => {
    const { view, says } = start()
    says('one')
    const { cursor, got } = view({ knowsTimes: false })
    says('two', cursor)
    expect(got()).toEqual(['one', { type: 'live' }, 'two'])
  })

  it('are those of what still waits for the viewer’s credit only when that goes out', () => {
    const { clock, log, view, says } = start()
    const { cursor, got } = view()
    says('x'.repeat(log.window), cursor)
    clock.advance(1_000)
    says('late', cursor)
    const told = () =>
      got().flatMap((one) => (typeof one === 'string' || one.type !== 'times' ? [] : one.stretches))
    expect(told()).toEqual([[0, START]])
    cursor.ack(log.window)
    expect(told()).toEqual([[log.window, START + 1_000]])
  })
})
