import { describe, expect, it } from 'vitest'
import type { LogQuery } from '../../../shared/log-search.ts'
import type { CastEvent } from '../../recordings/cast.ts'
import { scanRecording } from './scan-recording.ts'
import type { RecordingTurn } from './turn.ts'

const go = () => false
const all = { from: null, to: null, before: null, most: 10 }

async function find(
  events: CastEvent[],
  text: string,
  change: Partial<LogQuery & Omit<RecordingTurn, 'query'>> = {},
  mustStop = go,
) {
  const { regex = false, matchCase = false, ...bounds } = change
  async function* recording() {
    for (const event of events) yield [event]
  }
  return scanRecording(recording(), { ...all, ...bounds, query: { text, regex, matchCase } }, mustStop)
}

describe('a search in a recording', () => {
  it('finds in any case, with what is around it, the second, and the number of the line', async () => {
    const found = await find(
      [
        [0.5, 'o', 'booting\r\n'],
        [7.25, 'o', 'kernel: Out of MEMORY: killed nginx\r\n'],
      ],
      'of memory',
    )
    expect(found).toEqual({
      found: [{ second: 7.25, line: 2, before: 'kernel: Out ', match: 'of MEMORY', after: ': killed nginx' }],
      whole: true,
    })
  })

  it('takes case and regular expressions, one line at a time', async () => {
    const events: CastEvent[] = [
      [1, 'o', 'Error 1\r\nerror 2   \r\n'],
      [2, 'o', 'error 33\r\n'],
    ]
    const matches = async (text: string, change: Partial<LogQuery>) =>
      (await find(events, text, change)).found.map(({ match }) => match)
    expect(await matches('error', { matchCase: true })).toEqual(['error', 'error'])
    expect(await matches('^error \\d$', { regex: true })).toEqual(['error 2', 'Error 1'])
    expect(await matches('1.*2', { regex: true })).toEqual([])
  })

  it('sees through colours and titles, also when a sequence is split between events', async () => {
    const events: CastEvent[] = [
      [1, 'o', '\x1b]0;hidden\x07kernel \x1b[1;'],
      [2, 'o', '31mpan\x1b'],
      [3, 'o', '[0mic\x1bPhidden\x1b\\ here\r\n'],
    ]
    expect((await find(events, 'panic here')).found).toMatchObject([{ second: 2 }])
    expect((await find(events, 'hidden')).found).toEqual([])
  })

  it('joins what was echoed letter by letter, and takes rubbed out letters away', async () => {
    const events: CastEvent[] = [...'rebooz\b \bt'].map((text, index) => [index, 'o', text])
    expect((await find(events, 'reboot')).found).toMatchObject([{ second: 0, match: 'reboot' }])
  })

  it('does not join rows that are placed by cursor moves', async () => {
    const events: CastEvent[] = [[1, 'o', '\x1b[2J\x1b[1;1HGNU GRUB\x1b[3;1HDebian\rOverwritten']]
    expect((await find(events, 'grubdebian')).found).toEqual([])
    expect((await find(events, 'debian')).found).toMatchObject([{ before: '', after: '' }])
    expect((await find(events, 'overwritten')).found).toMatchObject([{ before: '', after: '' }])
  })

  it('looks at what was printed, not at what was typed or marked', async () => {
    const events: CastEvent[] = [
      [1, 'i', 'needle'],
      [2, 'm', 'needle'],
      [3, 'o', 'nee'],
    ]
    expect((await find(events, 'needle')).found).toEqual([])
  })

  it('takes the query as text', async () => {
    expect((await find([[1, 'o', 'a.b*c (d) [e]']], '.b*c (d) [')).found).toHaveLength(1)
    expect((await find([[1, 'o', 'abc']], '.*')).found).toEqual([])
  })

  it('gives the newest, of all lines or of those before one, from one second to another', async () => {
    const events = Array.from({ length: 50 }, (_, index): CastEvent => [index, 'o', 'tick\r\n'])
    const lines = async (change: Partial<RecordingTurn>) =>
      (await find(events, 'tick', { ...change, most: 3 })).found.map(({ line }) => line)
    expect(await lines({})).toEqual([50, 49, 48])
    expect(await lines({ before: 48 })).toEqual([47, 46, 45])
    expect(await lines({ before: 2 })).toEqual([1])
    expect(await lines({ from: 5, to: 8 })).toEqual([8, 7, 6])
    expect(await lines({ from: 5, to: 8, before: 7 })).toEqual([6])
  })

  it('ends with what it has when it must stop', async () => {
    const events = Array.from({ length: 50 }, (_, index): CastEvent => [index, 'o', 'tick\r\n'])
    let asked = 0
    expect(await find(events, 'tick', {}, () => ++asked === 3)).toMatchObject({
      found: [{ line: 3 }, { line: 2 }, { line: 1 }],
      whole: false,
    })
  })

  it('finds what was cleared from the screen, and what a string without an end would hide', async () => {
    const events: CastEvent[] = [
      [1, 'o', 'Kernel panic - not syncing\r\n\x1b[2J\x1b[HBdsDxe: loading\r\n'],
      [2, 'o', '\x1bPkernel line 1\r\n'],
      [3, 'o', '\x1b]0;login: '],
      [4, 'o', 'root'],
    ]
    expect((await find(events, 'kernel panic')).found).toMatchObject([{ second: 1 }])
    expect((await find(events, 'kernel line 1')).found).toMatchObject([{ second: 2 }])
    // After a silence.
    expect((await find(events, 'login: root')).found).toMatchObject([{ match: 'login: root' }])
  })
})
