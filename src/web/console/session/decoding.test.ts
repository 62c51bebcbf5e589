import { Terminal } from '@xterm/headless'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { systemClock } from '../../../shared/clock.ts'
import { FakeFrame } from '../../../testing/web/fake-terminal.ts'
import type { TransportHandlers } from '../transport/transport.ts'
import { ConsoleSession } from './session.ts'

/** Output as a serial line carries it: characters of every UTF-8 length among the sequences of boot logs and editors. */
const corpus = [
  '\x1b]0;web-01 — konsola žluť\x07\x1b[2J\x1b[H',
  'plain, then U+2014 — U+2013 – U+2019 ’ U+2022 • U+2500 ─│┌┐└┘├┤ U+1000 က\r\n',
  '\x1b[1;38;5;208mžluťoučký\x1b[0m \x1b[48;2;10;20;30;4mкůň\x1b[24;49m \x1b[7m日本語\x1b[27m 한국어 العربية\r\n',
  'combining e\u0301 a\u0308\u0323 n\u0303, emoji 🚀 👩‍🚀 🇪🇺 👍🏽, four bytes 𝔘𠀀\r\n',
  '\x1b]8;;https://example.com/—\x1b\\link—text\x1b]8;;\x1b\\ \x1b(0lqqk\x1b(B back\r\n',
  // Moves the lines above into the scrollback, where nothing overwrites them.
  `\x1b[14;1H${'\r\n'.repeat(14)}\x1b[H`,
  // A scroll region scrolled both ways, then cursor moves, insertions and deletions over wide characters.
  '\x1b[3;8r\x1b[8;1H一\r\n二\r\n三\r\n\x1b[3;1H\x1bM\x1bM上—\x1b[r\x1b[10;5H界—界\x1b[3D\x1b[2@\x1b[P\x1b[1K\x1b[12;1H\x1b[2L',
  '\x1b7\x1b[1;30H— right edge wraps into the next row 日本語\x1b8\x1b[A\x1b[5C\x1b[?25l•\x1b[?25h',
  // Enters the alternate screen, leaves it and enters it again, so that both buffers hold something.
  '\x1b[?1049h\x1b[H\x1b[44m~ vim — 文書 🚀\x1b[K\x1b[0m\r\n\x1b[5;9Hinside\x1b[?1049l after\r\n',
  '\x1b[?2004h\x1b[?1h\x1b[5n\x1b[6n\x1b[c\x1bP$qm\x1b\\',
  ...Array.from({ length: 20 }, (_, row) => `[ \x1b[0;32mOK\x1b[0m ] Started unit ${row} — ✓ “déjà vu”\r\n`),
  '\x1b[?1049h\x1b[2;3H alt — 終\x1b[38;5;9m•',
].join('')
const bytes = new TextEncoder().encode(corpus)

/** The page's terminal without a screen, wired as `ConsoleTerminal` wires it. */
class HeadlessPort {
  readonly term = new Terminal({ cols: 48, rows: 14, scrollback: 200, allowProposedApi: true })
  title = ''
  bracketedPaste = false
  fullScreen = false
  readonly size = { cols: 48, rows: 14 }
  readonly frame = new FakeFrame()
  constructor() {
    this.term.onTitleChange((title) => {
      this.title = title
    })
  }
  write(text: string, _muted: boolean, done: () => void): void {
    this.term.write(text, done)
  }
  onInput(): void {}
  onAnswer(listener: (text: string) => void): void {
    // Nobody types here.
    this.term.onData(listener)
  }
  cleanModes(): void {}
  writeSeam(): void {}
}

/** Everything that can be seen: the text, width and look of each cell in both buffers, the cursor, the modes. */
function picture({ term, title }: HeadlessPort): string {
  const buffers = [term.buffer.normal, term.buffer.alternate].map((buffer) => {
    const rows: string[] = []
    const reused = buffer.getNullCell()
    for (let y = 0; y < buffer.length; y++) {
      const line = buffer.getLine(y)
      let row = line?.isWrapped ? '+' : ' '
      let before = ''
      for (let x = 0; x < term.cols; x++) {
        const cell = line?.getCell(x, reused)
        if (!cell) continue
        const looks = [
          [cell.getFgColorMode(), cell.getFgColor(), cell.getBgColorMode(), cell.getBgColor()],
          [cell.isBold(), cell.isDim(), cell.isItalic(), cell.isUnderline(), cell.isInverse()],
          [cell.isInvisible(), cell.isStrikethrough()],
        ].join()
        row += looks === before ? '' : `<${looks}>`
        before = looks
        // The second cell of a wide character has no width. An empty cell has no text, but is not a space.
        row += cell.getWidth() === 0 ? '\u2190' : cell.getChars() || '\u2205'
      }
      rows.push(row)
    }
    return { rows, cursor: [buffer.cursorX, buffer.cursorY, buffer.baseY] }
  })
  return JSON.stringify({ title, buffers, active: term.buffer.active.type, modes: term.modes })
}

/** Drives a whole session, so that the bytes of the fake gateway pass through the product's own decoding. */
async function show(frames: readonly Uint8Array[]) {
  const terminal = new HeadlessPort()
  let answers = ''
  let consumed = 0
  let written = () => {}
  const allWritten = new Promise<void>((resolve) => {
    written = resolve
  })
  const total = frames.reduce((sum, frame) => sum + frame.length, 0)
  let close = () => {}
  const handlers = await new Promise<TransportHandlers>((resolve) => {
    const session = new ConsoleSession({
      issue: async () => ({
        transport: 'direct',
        url: 'ws://gateway.test/',
        expiresInMs: 600_000,
        sysrq: null,
      }),
      openTransport: (_issued, _resume, given) => {
        resolve(given)
        return {
          send: () => true,
          answer: (text) => {
            answers += text
          },
          consumed: (count) => {
            consumed += count
            if (consumed === total) written()
          },
          tell: () => {},
          resized: () => {},
          close: () => {},
        }
      },
      terminal,
      seamText: () => '',
      memory: { recall: () => null, keep: () => {} },
      clock: systemClock,
      random: Math.random,
    })
    close = () => session.dispose()
    session.connect()
  })
  handlers.onOpen(false, null)
  for (const frame of frames) handlers.onBytes(frame, false)
  await allWritten
  const result = { picture: picture(terminal), answers }
  close()
  terminal.term.dispose()
  return result
}

const split = (cuts: readonly number[]) => {
  const ends = [...new Set(cuts)].sort((a, b) => a - b)
  return [...ends, bytes.length].map((end, at) => bytes.subarray(ends[at - 1] ?? 0, end))
}

describe('serial bytes in any split', () => {
  // The session listens for the browser's `online` event, and there is no browser here.
  beforeAll(() => void vi.stubGlobal('window', new EventTarget()))
  afterAll(() => void vi.unstubAllGlobals())

  it('draws the corpus itself: both screens, the colours, the answers', async () => {
    const whole = await show([bytes])
    for (const text of ['—', '終', '•', '✓', '“', 'e\u0301', '🚀']) expect(whole.picture).toContain(text)
    expect(whole.picture).toContain('"active":"alternate"')
    expect(whole.picture).toContain('web-01 — konsola žluť')
    expect(whole.picture).not.toContain('\ufffd')
    expect(whole.answers).toContain('\x1b[?1;2c')
  })

  it('draws the same for 1,000 random splits', async () => {
    const whole = await show([bytes])
    const cuts = fc.array(fc.integer({ min: 1, max: bytes.length - 1 }), { maxLength: 120 })
    await fc.assert(
      fc.asyncProperty(cuts, async (at) => {
        expect(await show(split(at))).toEqual(whole)
      }),
      { numRuns: 1_000 },
    )
  }, 120_000)

  it('draws the same with one byte in each frame', async () => {
    const frames = Array.from(bytes, (byte) => Uint8Array.of(byte))
    expect(await show(frames)).toEqual(await show([bytes]))
  })
})

describe('why the session decodes by itself', () => {
  const render = async (...chunks: (Uint8Array | string)[]) => {
    const term = new Terminal({ cols: 10, rows: 2, allowProposedApi: true })
    for (const chunk of chunks) await new Promise<void>((done) => term.write(chunk, done))
    const text = term.buffer.active.getLine(0)?.translateToString(true)
    term.dispose()
    return text
  }
  const halves = [Uint8Array.of(0x41, 0xe2, 0x80), Uint8Array.of(0x94, 0x42)] as const

  // When this fails, xterm.js has fixed xtermjs/xterm.js#6003, and the session may write bytes again.
  it('loses a character in write(Uint8Array) after a 0x80 byte', async () => {
    expect(await render(...halves)).toBe('AB')
  })

  it('keeps it in write(string) of a streaming decoder, and in no other', async () => {
    const decoder = new TextDecoder()
    expect(await render(...halves.map((half) => decoder.decode(half, { stream: true })))).toBe('A—B')
    expect(await render(...halves.map((half) => new TextDecoder().decode(half)))).not.toBe('A—B')
  })
})
