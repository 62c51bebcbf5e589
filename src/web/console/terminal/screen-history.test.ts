import { readFile } from 'node:fs/promises'
import type { Terminal } from '@xterm/headless'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { feed, headless, rowsOf, screenOf } from '../../../testing/web/headless.ts'
import { missingParts } from '../../../testing/web/xterm-parts.ts'
import { CostlySequences } from './costly.ts'
import { ScreenHistory } from './screen-history.ts'
import { coreOf } from './xterm-buffer.ts'

function terminal(options: Parameters<typeof headless>[0] = {}): Terminal {
  const made = headless({ cols: 20, rows: 6, scrollback: 1000, ...options })
  new CostlySequences(made)
  new ScreenHistory(made)
  return made
}

const bare = (options: Parameters<typeof headless>[0] = {}) =>
  headless({ cols: 20, rows: 6, scrollback: 1000, ...options })

/** Six rows of text, and the cursor in the first */
const FULL = 'one\r\ntwo\r\nthree\r\nfour\r\nfive\r\nsix\x1b[H'
const rows = ['one', 'two', 'three', 'four', 'five', 'six']

describe('each way in which rows are lost', () => {
  it.each([
    ['ED 2', '\x1b[2J', rows],
    ['ED 0 from the first place', '\x1b[J', rows],
    ['ED 0 from within a row', '\x1b[3;3H\x1b[J', ['four', 'five', 'six']],
    ['ED 0 after blanks', '\x1b[3;1H   \x1b[J', ['   ee', 'four', 'five', 'six']],
    ['ED 1', '\x1b[3;3H\x1b[1J', ['one', 'two']],
    ['ED 1 to the end of a row', '\x1b[3;20H\x1b[1J', ['one', 'two', 'three']],
    ['selective ED 2', '\x1b[?2J', rows],
    ['ED 2 in C1', '\x9b2J', rows],
    ['RIS', '\x1bc', rows],
    ['DECALN', '\x1b#8', rows],
    ['DL', '\x1b[2;1H\x1b[2M', ['two', 'three']],
    ['DL of more rows than there are', '\x1b[2;1H\x1b[99M', ['two', 'three', 'four', 'five', 'six']],
    ['IL', '\x1b[2;1H\x1b[2L', ['five', 'six']],
    ['SU', '\x1b[2S', ['one', 'two']],
    ['SU of a region', '\x1b[2;4r\x1b[2S', ['two', 'three']],
    ['SD', '\x1b[2T', ['five', 'six']],
    ['SD of a region', '\x1b[2;4r\x1b[T', ['four']],
    ['RI', '\x1bM', ['six']],
    ['RI at the top of a region', '\x1b[2;4r\x1b[2;1H\x1bM', ['four']],
    ['LF at the bottom of a region', '\x1b[2;4r\x1b[4;1H\n\n', ['two', 'three']],
    ['IND at the bottom of a region', '\x1b[2;4r\x1b[4;1H\x1bD', ['two']],
    ['NEL in C1 at the bottom of a region', '\x1b[2;4r\x1b[4;1H\x85', ['two']],
    ['a long line at the bottom of a region', `\x1b[2;4r\x1b[4;1H${'x'.repeat(21)}`, ['two']],
    ['SL', '\x1b[99 @', rows],
    ['SR', '\x1b[99 A', rows],
    ['DECIC', "\x1b[99'}", rows],
    ['DECDC', "\x1b[99'~", rows],
    ['RIS from the alternate screen', '\x1b[?1049hvi\x1bc', rows],
  ])('%s', async (_name, sequence, doomed) => {
    const [ours, theirs] = [terminal(), bare()]
    for (const each of [ours, theirs]) await feed(each, FULL + sequence)
    expect(screenOf(ours)).toEqual(screenOf(theirs))
    for (const row of doomed) {
      expect(rowsOf(theirs)).not.toContain(row)
      expect(rowsOf(ours).filter((text) => text === row)).toEqual([row])
    }
    const scrollback = rowsOf(ours).slice(0, -6)
    expect(scrollback).toEqual(doomed)
  })

  it('ED 3 clears no scrollback', async () => {
    const [ours, theirs] = [terminal(), bare()]
    const log = Array.from({ length: 50 }, (_, line) => `line ${line}`).join('\r\n')
    for (const each of [ours, theirs]) await feed(each, `${log}\x1b[3J`)
    expect(screenOf(ours)).toEqual(screenOf(theirs))
    expect(rowsOf(theirs)).not.toContain('line 10')
    expect(rowsOf(ours)).toContain('line 10')
  })

  it('RIS clears no scrollback', async () => {
    const ours = terminal()
    await feed(ours, `${Array.from({ length: 50 }, (_, line) => `line ${line}`).join('\r\n')}\x1bcnext`)
    expect(rowsOf(ours).filter((text) => text.startsWith('line'))).toHaveLength(50)
    expect(rowsOf(ours)).toContain('next')
  })

  it('a screen that shrinks above text', async () => {
    const [ours, theirs] = [terminal(), bare()]
    for (const each of [ours, theirs]) {
      await feed(each, FULL)
      each.resize(20, 3)
    }
    expect(rowsOf(theirs)).not.toContain('six')
    expect(rowsOf(ours)).toEqual(['four', 'five', 'six', 'one', 'two', 'three'])
  })

  it('a screen that becomes narrow above text', async () => {
    const [ours, theirs] = [terminal(), bare()]
    for (const each of [ours, theirs]) {
      await feed(each, 'a line of some words\r\ntwo\r\nthree\r\nfour\r\nfive\r\nsix\x1b[H')
      each.resize(5, 6)
    }
    expect(rowsOf(theirs)).not.toContain('six')
    expect(rowsOf(ours)).toEqual(expect.arrayContaining(['two', 'three', 'four', 'five', 'six']))
  })

  it('a cursor line that becomes narrow', async () => {
    const ours = terminal()
    await feed(ours, '# a long command')
    ours.resize(8, 6)
    ours.resize(20, 6)
    expect(rowsOf(ours)).toContain('# a long command')
  })
})

describe('reported cases', () => {
  it('firmware clears the screen after a panic', async () => {
    const ours = terminal({ cols: 80, rows: 24 })
    const panic = [
      '[   12.345678] Kernel panic - not syncing: VFS: Unable to mount root fs',
      '[   12.345680] Call Trace:',
      '[   12.345690] ---[ end Kernel panic ]---',
    ]
    await feed(
      ours,
      `${panic.join('\r\n')}\r\n\x1b[2J\x1b[01;01H\x1b[=3h\x1b[2J\x1b[01;01HBdsDxe: loading Boot0001\r\n`,
    )
    expect(rowsOf(ours).slice(0, 4)).toEqual([...panic, 'BdsDxe: loading Boot0001'])
  })

  it('a login prompt erases below the first place', async () => {
    const ours = terminal({ cols: 80, rows: 24 })
    await feed(ours, 'boot line that must stay\r\n\x1b[H\x1b[JDebian login: ')
    expect(rowsOf(ours).slice(0, 2)).toEqual(['boot line that must stay', 'Debian login:'])
  })

  it('erase above at the last place of a new terminal does not end all output', async () => {
    for (const switched of ['', '\x1b[?1049h']) {
      const ours = terminal()
      await feed(ours, `${switched}secret\x1b[999;999Hx\x1b[1Jafter`)
      expect(screenOf(ours).rows.join('')).not.toContain('s/1')
      expect(screenOf(ours).cursor).not.toEqual([0, 0])
    }
  })
})

it('keeps nothing of editing within a row, and nothing of the alternate screen', async () => {
  const ours = terminal()
  await feed(ours, `${FULL}\x1b[2K\x1b[2;1H\x1b[5X\x1b[3;1H\x1b[9P\x1b[4;1Hover`)
  await feed(ours, `\x1b[?1049h${FULL}\x1b[2J${FULL}\x1b[3M${FULL}\x1b[3;4r\x1b[4;1H\n\n\x1b[?1049l`)
  expect(rowsOf(ours)).toHaveLength(6)
})

it('keeps a repainted screen once', async () => {
  const ours = terminal()
  for (let second = 0; second < 100; second++) {
    await feed(ours, `\x1b[H\x1b[JCPU ${second}%\r\n ${second} top\r\n  1 init\r\n`)
  }
  expect(rowsOf(ours)).toHaveLength(6 + 3)
})

it('keeps a log that scrolls in a region whole and in order', async () => {
  const ours = terminal()
  await feed(ours, '\x1b[HTitle\x1b[2;6r\x1b[2;1H')
  for (let line = 0; line < 40; line++) await feed(ours, `same\r\nline ${line}, which is longer\r\n`)
  const lines = rowsOf(ours).filter((text) => text !== 'Title' && text !== '')
  expect(lines.filter((text) => text === 'same')).toHaveLength(40)
  expect(lines.slice(0, 6)).toEqual([
    'same',
    'line 0, which is lon',
    'ger',
    'same',
    'line 1, which is lon',
    'ger',
  ])
  // A wrapped row belongs to the row above it, in the scrollback, too.
  expect(ours.buffer.normal.getLine(2)?.isWrapped).toBe(true)
})

it('leaves a line in one piece that is half in the scrollback', async () => {
  const ours = terminal()
  await feed(ours, `1\r\n2\r\n3\r\n4\r\n5\r\n${'x'.repeat(120)}`)
  // The long line has all of the screen, but its first row.
  await feed(ours, '\r\nend\x1b[5;1H\x1b[L')
  const at = rowsOf(ours).indexOf('x'.repeat(20))
  expect(rowsOf(ours).slice(at, at + 4)).toEqual(Array.from({ length: 4 }, () => 'x'.repeat(20)))
})

it('shows a reader who has scrolled up the same rows as before', async () => {
  for (const scrollback of [50, 1000]) {
    const ours = terminal({ scrollback })
    await feed(ours, Array.from({ length: 200 }, (_, line) => `line ${line}`).join('\r\n'))
    ours.scrollLines(-20)
    const shown = () => {
      const { active } = ours.buffer
      return Array.from({ length: 6 }, (_, row) =>
        active.getLine(active.viewportY + row)?.translateToString(true),
      )
    }
    const before = shown()
    await feed(ours, '\x1b[2J\x1b[Hnew\x1b[3J')
    expect(shown()).toEqual(before)
    await feed(ours, '\x1bc')
    expect(shown()).toEqual(before)
    ours.scrollToBottom()
    expect(ours.buffer.active.viewportY).toBe(ours.buffer.active.baseY)
  }
})

it('keeps the newest rows at the limit of the scrollback, and none without a scrollback', async () => {
  const ours = terminal({ scrollback: 4 })
  await feed(ours, `${FULL}\x1b[2J\x1b[6;1Hlast`)
  expect(rowsOf(ours)).toEqual(['three', 'four', 'five', 'six', '', '', '', '', '', 'last'])
  const none = terminal({ scrollback: 0 })
  await feed(none, `${FULL}\x1b[2J`)
  expect(rowsOf(none)).toEqual(['', '', '', '', '', ''])
})

it('moves markers with their rows, and keeps links alive', async () => {
  const ours = terminal()
  await feed(ours, `${FULL}\x1b[4;1H`)
  const marker = ours.registerMarker(0)
  await feed(ours, '\x1b[1;1H\x1b]8;;https://example.org\x07link\x1b]8;;\x07\x1b[2;1H\x1b[2S')
  // Two rows went above it, and xterm.js moved it up by two.
  expect(marker?.line).toBe(3)
  const core = coreOf(ours)
  const kept = core._bufferService.buffers.normal.lines.get(0)
  const link = kept?._extendedAttrs[0]?.urlId ?? 0
  expect(core._oscLinkService.getLinkData(link)?.uri).toBe('https://example.org')
})

it('resets all that a bare terminal resets', async () => {
  const [ours, theirs] = [terminal(), bare()]
  for (const each of [ours, theirs]) {
    await feed(
      each,
      `${FULL}\x1b[2;4r\x1b[3;3H\x1b7\x1b[31;44m\x1b[?6;1000;2004h\x1b[4h\x1b(0\x1b[3g\x1b[?25l`,
    )
    await feed(each, 'text\x1bcplain\ttab\x1b8saved')
  }
  expect(screenOf(ours)).toEqual(screenOf(theirs))
})

it('is built on the version of xterm.js that it was tested with', async () => {
  const manifest = JSON.parse(await readFile('package.json', 'utf8'))
  for (const name of ['@xterm/xterm', '@xterm/headless']) {
    const installed = JSON.parse(await readFile(`node_modules/${name}/package.json`, 'utf8'))
    expect([{ ...manifest.dependencies, ...manifest.devDependencies }[name], installed.version]).toEqual([
      '6.0.0',
      '6.0.0',
    ])
  }
  expect(missingParts(bare())).toEqual([])
  expect(missingParts({ _core: { _bufferService: {} } })).toContain('_core._bufferService.scroll')
  expect(() => coreOf({})).toThrow('keeps its rows in another way')
})

describe('any stream', () => {
  const number = fc.constantFrom('', '0', '1', '2', '3', '5', '6', '12', '20', '99')
  const csi = fc.tuple(
    fc.constantFrom('', '?'),
    number,
    fc.constantFrom('', ';1', ';4', ';20'),
    fc.constantFrom(...'ABCDEFGHJJJJKLLMMPSSTTX@dbrrmsuhl', ' @', ' A', "'}", "'~", '!p'),
  )
  const piece = fc.oneof(
    { weight: 4, arbitrary: fc.stringMatching(/^[a-c0-9 ]{0,25}$/) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        '\r\n',
        '\n',
        '\r',
        '\b',
        '\t',
        '🟢',
        'é',
        '漢字',
        'x\x1b[99b',
        '漢\x1b[77b',
      ),
    },
    { weight: 5, arbitrary: csi.map((parts) => `\x1b[${parts.join('')}`) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        ...['\x1bM', '\x1bD', '\x1bE', '\x1bc', '\x1b#8', '\x1b7', '\x1b8', '\x85', '\x84'],
        ...['\x1b[?1049h', '\x1b[?1049l', '\x1b[?47h', '\x1b[?47l', '\x1b[?1047h', '\x1b[?1047l'],
        ...['\x1b[?6h', '\x1b[?6l', '\x1b[?7l', '\x1b[?7h', '\x1b[4h', '\x1b[4l', '\x1b[44m', '\x1b[m'],
        ...['\x1b[2;4r', '\x1b[3;6r', '\x1b[1;3r', '\x1b[r', '\x1b[H', '\x1b[1"q', '\x1b[0"q'],
      ),
    },
  )
  // xterm.js 6.0.0 ends all output if it erases above in the last place.
  const isFatal = (sequence: string) => /^\x1b\[\??1(;\d+)?J/.test(sequence)

  it('looks as on a bare terminal, and its scrollback has all that the bare one has', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          piece.filter((text) => !isFatal(text)),
          { maxLength: 60 },
        ),
        async (pieces) => {
          const [ours, theirs] = [terminal(), bare()]
          await Promise.all([ours, theirs].map((each) => feed(each, pieces.join(''))))
          expect(screenOf(ours)).toEqual(screenOf(theirs))
          const kept = [...rowsOf(ours)]
          for (const row of rowsOf(theirs)) expect(kept).toContain(row)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('never loses a row of a whole screen that an erase, a reset or a scroll takes', async () => {
    const destroys = fc.constantFrom(
      ...[
        '\x1b[2J',
        '\x1b[H\x1b[J',
        '\x1bc',
        '\x1b#8',
        '\x1b[H\x1b[3M',
        '\x1b[3S',
        '\x1b[4T',
        '\x1b[H\x1b[2L',
      ],
      ...['\x1b[2;5r\x1b[5;1H\n\n\n\x1b[r', '\x1b[H\x1bM', '\x1b[3J', '\x1b[6;20H\x1b[1J'],
    )
    const screen = fc.array(fc.stringMatching(/^[a-z]{1,19}$/), { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(screen, destroys), { maxLength: 8 }), async (steps) => {
        const ours = terminal()
        for (const [lines, destroy] of steps) {
          await feed(ours, '\x1b[H\x1b[2J')
          await feed(ours, lines.join('\r\n'))
          await feed(ours, destroy)
          const all = rowsOf(ours)
          for (const line of lines) expect(all).toContain(line)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('leaves a terminal that still shows what comes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 60 }),
        fc.constantFrom(0, 3, 50),
        async (pieces, scrollback) => {
          const ours = terminal({ scrollback })
          await feed(ours, `${pieces.join('')}\x18\x1bc`)
          await feed(ours, 'still here')
          expect(rowsOf(ours)).toContain('still here')
          const { length, baseY } = ours.buffer.normal
          expect(length).toBe(baseY + 6)
          expect(length).toBeLessThanOrEqual(scrollback + 6)
        },
      ),
      { numRuns: 500 },
    )
  })
})
