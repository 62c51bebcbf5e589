import { Terminal } from '@xterm/headless'
import { describe, expect, it, onTestFinished } from 'vitest'
import { feed } from '../../../testing/web/headless.ts'
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

function start() {
  const terminal = new Terminal({ allowProposedApi: true, windowOptions: { getWinSizeChars: true } })
  onTestFinished(() => terminal.dispose())
  const said = { typed: '', answers: '' }
  const answers = new TerminalAnswers(
    terminal,
    (text) => {
      said.typed += text
    },
    (text) => {
      said.answers += text
    },
  )
  return { terminal, said, answers }
}

async function ask(text: string, muted: boolean): Promise<string> {
  const { terminal, said, answers } = start()
  answers.muted = muted
  await feed(terminal, text)
  expect(said.typed).toBe('')
  return said.answers
}

describe('the terminal’s own answers', () => {
  it.each(questions)('are given to %j, and not while muted', async (question) => {
    expect(await ask(question, false)).not.toBe('')
    expect(await ask(question, true)).toBe('')
  })

  it('are muted for colours that are asked for, while colours are still set', async () => {
    expect(await ask('\x1b]11;?\x07\x1b]4;1;?\x07', true)).toBe('')
  })

  it('are told from what is typed between them', async () => {
    const { terminal, said } = start()
    await feed(terminal, '\x1b[6n')
    terminal.input('l')
    await feed(terminal, 'l\x1b[6n')
    terminal.input('s')
    terminal.input('\x1b[6;5R')
    await feed(terminal, '\x1b[c')
    expect(said).toEqual({ typed: 'ls\x1b[6;5R', answers: '\x1b[1;1R\x1b[1;2R\x1b[?1;2c' })
  })
})
