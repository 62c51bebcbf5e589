import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { readBaseline } from './baseline-cells.ts'
import { baselineOf, type RecordedScreen, recordedScreens, streamOf } from './screens.ts'

// The baselines are right: another terminal, whose authors share no code with xterm.js's, shows the same.

const hasTmux = spawnSync('tmux', ['-V']).status === 0 && spawnSync('iconv', ['--version']).status === 0
const folder = mkdtempSync(path.join(tmpdir(), 'bms-console-tmux-'))
const tmux = (...words: string[]) =>
  execFileSync('tmux', ['-u', '-S', path.join(folder, 'socket'), '-f', '/dev/null', ...words], {
    encoding: 'utf8',
  })

// A server without a session ends.
if (hasTmux) tmux('new-session', '-d', '-s', 'keeper', 'exec sleep 600')

afterAll(() => {
  if (hasTmux) spawnSync('tmux', ['-S', path.join(folder, 'socket'), 'kill-server'])
  rmSync(folder, { recursive: true })
})

/** @returns what tmux shows, with its looks as SGR sequences, and its cursor */
async function inTmux({ program, size, name }: RecordedScreen, stream: Buffer) {
  const file = path.join(folder, `${name}.bin`)
  const from = program.encoding === 'cp437' ? 'CP437' : 'UTF-8'
  writeFileSync(file, execFileSync('iconv', ['-f', from, '-t', 'UTF-8'], { input: stream }))
  const show = `stty raw -echo; cat ${file}; touch ${file}.shown; exec sleep 600`
  tmux(
    'new-session',
    '-d',
    '-s',
    name,
    '-x',
    `${size.cols}`,
    '-y',
    `${size.rows}`,
    show,
    ';',
    'set',
    'status',
    'off',
  )
  // `cat` ends when tmux has taken all, and tmux then has yet to read the last of it.
  let shown = ''
  for (let same = 0; same < 3; ) {
    await delay(30)
    const now = tmux('capture-pane', '-p', '-e', '-N', '-t', name)
    same = now === shown && spawnSync('test', ['-e', `${file}.shown`]).status === 0 ? same + 1 : 0
    shown = now
  }
  const cursor = tmux('display-message', '-p', '-t', name, '#{cursor_x} #{cursor_y}')
    .trim()
    .split(' ')
    .map(Number)
  tmux('kill-session', '-t', name)
  return { shown, cursor }
}

const FLAGS: Record<number, string> = {
  1: 'bold',
  2: 'dim',
  3: 'italic',
  4: 'underlined',
  5: 'blinking',
  7: 'reverse',
}
const ORDER = Object.values(FLAGS)

/** Reads SGR sequences as in our baselines. */
class Look {
  #flags = new Set<string>()
  #foreground = ''
  #background = ''

  take(parameters: string): void {
    const numbers = parameters.split(';').map(Number)
    for (let at = 0; at < numbers.length; at++) {
      const code = numbers[at] ?? 0
      const flag = FLAGS[code]
      const indexed = code === 38 || code === 48 ? `${numbers[at + 2]}` : null
      if (code === 0) this.#clear()
      else if (flag) this.#flags.add(flag)
      else if (indexed !== null) {
        if (code === 38) this.#foreground = indexed
        else this.#background = indexed
        at += 2
      } else if (code >= 30 && code < 38) this.#foreground = `${code - 30}`
      else if (code >= 90 && code < 98) this.#foreground = `${code - 82}`
      else if (code >= 40 && code < 48) this.#background = `${code - 40}`
      else if (code >= 100 && code < 108) this.#background = `${code - 92}`
      else if (code === 39) this.#foreground = ''
      else if (code === 49) this.#background = ''
      else throw new Error(`An SGR code that nobody expects: ${code}`)
    }
  }

  #clear(): void {
    this.#flags.clear()
    this.#foreground = ''
    this.#background = ''
  }

  get words(): string {
    const parts = ORDER.filter((flag) => this.#flags.has(flag))
    if (this.#foreground) parts.push(`foreground ${this.#foreground}`)
    if (this.#background) parts.push(`background ${this.#background}`)
    return parts.join(', ')
  }
}

/** The characters between SO and SI: DEC's line drawing */
const LINES: Record<string, string> = {
  ...{ j: '┘', k: '┐', l: '┌', m: '└', n: '┼', q: '─', t: '├', u: '┤', v: '┴', w: '┬', x: '│', a: '▒' },
}

/** Each row's text, and the look of each of its characters */
function cellsOf(shown: string): { text: string; looks: string[] }[] {
  const look = new Look()
  return shown
    .replace(/\n$/, '')
    .split('\n')
    .map((row) => {
      let [text, looks, lines]: [string, string[], boolean] = ['', [], false]
      for (const [part, sgr] of row.matchAll(/\x1b\[([\d;]*)m|[\x0e\x0f]|./gu)) {
        if (sgr !== undefined) look.take(sgr)
        else if (part === '\x0e' || part === '\x0f') lines = part === '\x0e'
        else {
          text += lines ? (LINES[part] ?? part) : part
          looks.push(look.words)
        }
      }
      return { text, looks }
    })
}

describe.skipIf(!hasTmux)('tmux', () => {
  it.each(recordedScreens)('shows $name as our baseline has it', async (screen) => {
    const { shown, cursor } = await inTmux(screen, await streamOf(screen))
    const baseline = readBaseline(await baselineOf(screen))
    const ours = baseline.rows.map((cells) => ({
      text: cells.map((cell) => cell.text).join(''),
      looks: cells.map((cell) => cell.look),
    }))
    const theirs = cellsOf(shown)
    expect(theirs.map(({ text }) => text.trimEnd())).toEqual(ours.map(({ text }) => text.trimEnd()))
    for (const [row, { text, looks }] of theirs.entries()) {
      expect([row, text.trimEnd(), looks]).toEqual([
        row,
        text.trimEnd(),
        ours[row]?.looks.slice(0, looks.length),
      ])
    }
    // EDK2 writes column 100 as `:0`, which no standard knows. The cursor was sent there.
    if (screen.program.name === 'uefi-setup' && screen.size.cols >= 100) return
    const { column, row } = baseline.cursor
    expect(cursor).toEqual([column - 1, row - 1])
  })
})
