import { Terminal } from '@xterm/headless'
import { describe, expect, it } from 'vitest'
import { CLEAN_MODES } from './clean-modes.ts'

/** Private parts of xterm.js: no public one tells of a cursor's shape, tab stops or character sets. */
const part = (of: unknown, name: string): unknown => Reflect.get(Object(of), name)

function open() {
  const term = new Terminal({ cols: 100, rows: 24, allowProposedApi: true, logLevel: 'off' })
  const core = part(term, '_core')
  const handler = part(core, '_inputHandler')
  const colours: unknown[] = []
  const onColor: (listener: (event: unknown) => void) => void = part(handler, 'onColor') as never
  onColor.call(handler, (event) => colours.push(event))
  const write = (text: string) => new Promise<void>((done) => term.write(text, done))
  const buffer = () => part(part(core, '_bufferService'), 'buffer')
  const charsets = part(core, '_charsetService')
  const state = () => ({
    modes: term.modes,
    privateModes: { ...Object(part(part(core, 'coreService'), 'decPrivateModes')) },
    hidden: part(part(core, 'coreService'), 'isCursorHidden'),
    encoding: part(part(core, 'coreMouseService'), 'activeEncoding'),
    region: [part(buffer(), 'scrollTop'), part(buffer(), 'scrollBottom')],
    // A stop in the last column is no other than the edge.
    tabs: Object.keys(Object(part(buffer(), 'tabs'))).filter((stop) => Number(stop) < term.cols - 1),
    sets: [part(charsets, 'charset'), part(charsets, 'glevel')],
    look: JSON.stringify(part(handler, '_curAttrData')),
    eol: term.options.convertEol,
  })
  return { term, write, state, colours }
}

/** All that a program can leave on, piece by piece. */
const left = [
  '\x1b[?9h',
  '\x1b[?1000h',
  '\x1b[?1002h',
  '\x1b[?1003;1006h',
  '\x1b[?1016h',
  '\x1b[?1004h',
  '\x1b[?2004h',
  '\x1b[?2026h',
  '\x1b[?1h',
  '\x1b[?45h',
  '\x1b[?66h',
  '\x1b=',
  '\x1b[?6h',
  '\x1b[5;10r',
  '\x1b[?25l',
  '\x1b[?7l',
  '\x1b[4h',
  '\x1b[20h',
  '\x1b(0',
  '\x1b)0\x0e',
  '\x1b*0\x1bn',
  '\x1b[1;4;7;31;42m',
  '\x1b[4:3;58;5;9m',
  '\x1b[1"q',
  '\x1b]8;;https://example.com\x1b\\',
  '\x1b[5 q',
  '\x1b[4 q',
  '\x1b[3g',
  '\x1b[3g\x1b[1;4H\x1bH',
]

describe('cleaning up after a lost program', () => {
  it.each([...left.map((on) => [on]), [left.join('')]])('puts back %j', async (on) => {
    const [fresh, used] = [open(), open()]
    await fresh.write('$ ')
    await used.write(`${on}\x1b[0;0H`)
    expect(used.state()).not.toEqual(fresh.state())
    await used.write(CLEAN_MODES)
    expect(used.state()).toEqual(fresh.state())
  })

  it('puts the colours of the page back', async () => {
    const { write, colours } = open()
    await write('\x1b]10;#101010\x07\x1b]11;#202020\x07\x1b]12;#303030\x07\x1b]4;1;#000000\x07\x1b[5 q$ ')
    expect(colours).toHaveLength(4)
    colours.length = 0
    await write(CLEAN_MODES)
    // 2: restore. All of the palette, then foreground, background and cursor.
    expect(colours).toEqual([
      [{ type: 2 }],
      [{ type: 2, index: 256 }],
      [{ type: 2, index: 257 }],
      [{ type: 2, index: 258 }],
    ])
  })

  it('leaves the screen and the cursor where they are', async () => {
    const { term, write } = open()
    await write('one\r\ntwo three')
    await write(CLEAN_MODES)
    const { active } = term.buffer
    expect([active.cursorX, active.cursorY]).toEqual([9, 1])
    await write('!')
    expect([0, 1, 2].map((row) => active.getLine(row)?.translateToString(true))).toEqual([
      'one',
      'two three!',
      '',
    ])
  })
})
