import { expect, it } from 'vitest'
import { headless } from '../../../testing/web/headless.ts'
import { LineWrites } from './line-writes.ts'

function open() {
  const terminal = headless()
  const events: string[] = []
  const writes = new LineWrites(terminal, (on) => events.push(on ? 'muted' : 'heard'))
  const write = (text: string, muted = false) =>
    new Promise<void>((parsed) => {
      writes.write({
        text,
        muted,
        begun: () => events.push(`begun ${text}`),
        done: () => {
          events.push(`done ${text}`)
          parsed()
        },
      })
    })
  return { terminal, events, write, type: () => terminal.input('x') }
}

it('has the echo of a key on the screen before it returns', async () => {
  const { terminal, events, write, type } = open()
  type()
  void write('x')
  expect(events).toEqual(['begun x', 'done x'])
  expect(terminal.buffer.active.cursorX).toBe(1)
  type()
  void write('y')
  expect(events).toEqual(['begun x', 'done x', 'begun y', 'done y'])
})

it('tells when each text is begun and done, also while others wait', async () => {
  const { events, write, type } = open()
  const first = write('1')
  expect(events).toEqual([])
  type()
  await Promise.all([first, write('2'), write('3')])
  expect(events).toEqual(['begun 1', 'done 1', 'begun 2', 'done 2', 'begun 3', 'done 3'])
})

it('mutes between the texts that it stands between', async () => {
  const { events, write } = open()
  await Promise.all([write('1'), write('2', true), write('3', true), write('4')])
  expect(events.filter((event) => !event.startsWith('begun'))).toEqual([
    ...['done 1', 'muted', 'done 2', 'done 3', 'heard', 'done 4'],
  ])
})
