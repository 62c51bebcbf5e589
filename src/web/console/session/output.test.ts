import { describe, expect, it, vi } from 'vitest'
import { ManualClock } from '../../../testing/clock.ts'
import { FakeTerminal } from '../../../testing/web/fake-terminal.ts'
import { encodingOf } from '../encoding/encodings.ts'
import { LineTimes } from '../times/line-times.ts'
import { LineOutput } from './output.ts'

function newOutput() {
  const terminal = new FakeTerminal()
  const onDoubt = vi.fn()
  const clock = new ManualClock()
  const output = new LineOutput({
    terminal,
    seamText: () => 'seam',
    clock,
    times: new LineTimes(clock),
    onUnreadable: () => {},
    onDoubt,
  })
  const hears = (hex: string) => output.write(Buffer.from(hex, 'hex'), false, () => {})
  return { terminal, onDoubt, output, hears, shown: () => terminal.shown.join('') }
}

describe('the encoding of a line', () => {
  it('may change in the middle: what came before stays, and what comes is read anew', () => {
    const { terminal, hears, shown } = newOutput()
    hears('c3a9')
    terminal.encoding = encodingOf('gbk')
    hears('d6')
    hears('d0')
    terminal.encoding = encodingOf('cp437')
    hears('c4')
    expect(shown()).toBe('é中─')
  })

  it('does not take half a character of the one before for its own', () => {
    const { terminal, hears, shown } = newOutput()
    hears('e4b8')
    terminal.encoding = encodingOf('gbk')
    hears('d6d0')
    expect(shown()).toBe('\ufffd中')
  })

  it('begins anew where the stream breaks', () => {
    const { terminal, output, hears, shown } = newOutput()
    terminal.encoding = encodingOf('gbk')
    hears('d6')
    output.restart()
    hears('d6d0')
    expect(shown()).toBe('中')
  })

  it('is doubted once, and only where it is UTF-8', () => {
    const { terminal, onDoubt, hears } = newOutput()
    terminal.encoding = encodingOf('cp437')
    hears('c4'.repeat(100))
    expect(onDoubt).not.toHaveBeenCalled()
    terminal.encoding = encodingOf(null)
    hears('c4'.repeat(100))
    hears('c4'.repeat(100))
    expect(onDoubt).toHaveBeenCalledOnce()
  })
})
