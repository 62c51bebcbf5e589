import { Terminal } from '@xterm/headless'
import { describe, expect, it } from 'vitest'
import { TerminalAnswers } from './answers.ts'

const questions = [
  '\x1b[c',
  '\x1b[>c',
  '\x1b[5n',
  '\x1b[6n',
  '\x1b[?6n',
  '\x1b[18t',
  '\x1b[4$p',
  '\x1b[?2004$p',
  '\x1bP$qm\x1b\\',
]

async function ask(text: string, muted: boolean): Promise<string> {
  const term = new Terminal({ allowProposedApi: true, windowOptions: { getWinSizeChars: true } })
  const answers = new TerminalAnswers(term.parser)
  answers.muted = muted
  let said = ''
  term.onData((data) => {
    said += data
  })
  await new Promise<void>((resolve) => term.write(text, resolve))
  term.dispose()
  return said
}

describe('the terminal’s own answers', () => {
  it.each(questions)('are given to %j, and not while muted', async (question) => {
    expect(await ask(question, false)).not.toBe('')
    expect(await ask(question, true)).toBe('')
  })

  it('are muted for colours that are asked for, while colours are still set', async () => {
    expect(await ask('\x1b]11;?\x07\x1b]4;1;?\x07', true)).toBe('')
  })
})
