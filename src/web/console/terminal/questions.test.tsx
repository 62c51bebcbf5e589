import { afterEach, describe, expect, it, vi } from 'vitest'
import { ManualClock } from '../../../testing/clock.ts'
import { questions } from '../../../testing/web/questions.ts'
import { LineOutput } from '../session/output.ts'
import { LineTimes } from '../times/line-times.ts'
import { ConsoleTerminal } from './terminal.ts'
import { themes } from './themes.ts'

const END = 'the end'
let terminal: ConsoleTerminal | undefined

afterEach(() => terminal?.dispose())

/** @returns what the terminal says to this by itself, and what it takes for typed */
async function hear(text: string, replayed: boolean) {
  terminal = new ConsoleTerminal({ theme: themes.dark, fontSize: 14, screenReader: false, onLink: () => {} })
  const read = new Promise<void>((resolve) => terminal?.onTitle((title) => title === END && resolve()))
  const said = { answers: '', typed: '' }
  terminal.onAnswer((answer) => {
    said.answers += answer
  })
  terminal.onInput((bytes) => {
    said.typed += Buffer.from(bytes).toString('latin1')
  })
  const clock = new ManualClock()
  const output = new LineOutput({
    terminal,
    seamText: () => '',
    clock,
    times: new LineTimes(clock),
    onUnreadable: () => {},
    onDoubt: () => {},
  })
  const title = document.title
  output.write(Buffer.from(text), replayed, () => {})
  output.write(Buffer.from(`\x1b]2;${END}\x07`), replayed, () => {})
  await read
  expect(document.title).toBe(title)
  output.dispose()
  return said
}

describe.each(questions)('$name', ({ text, answer }) => {
  it('is answered once when it is live, and the clipboard is left alone', async () => {
    const writeText = vi.fn()
    vi.stubGlobal('navigator', { ...navigator, clipboard: { writeText, readText: writeText } })
    expect(await hear(text, false)).toEqual({ answers: answer, typed: '' })
    expect(writeText).not.toHaveBeenCalled()
  })

  it('is not answered in history', async () => {
    expect(await hear(text, true)).toEqual({ answers: '', typed: '' })
  })
})
