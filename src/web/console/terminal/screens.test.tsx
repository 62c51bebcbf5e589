import { expect, it, onTestFinished } from 'vitest'
import { ManualClock } from '../../../testing/clock.ts'
import { screenText } from '../../../testing/screens/screen-text.ts'
import {
  baselineFile,
  type RecordedScreen,
  recordedScreens,
  streamOf,
} from '../../../testing/screens/screens.ts'
import { encodingOf } from '../encoding/encodings.ts'
import { LineOutput } from '../session/output.ts'
import { LineTimes } from '../times/line-times.ts'
import { ConsoleTerminal } from './terminal.ts'
import { themes } from './themes.ts'

/** The terminal's name, when it has read all */
const END = 'the end of a recording'

/** Shows a stream on the terminal of the page, in pieces of so many bytes, and says what is there. */
async function play({ program, size }: RecordedScreen, stream: Buffer, piece: number): Promise<string> {
  const terminal = new ConsoleTerminal({
    theme: themes.dark,
    fontSize: 14,
    screenReader: false,
    onLink: () => {},
  })
  onTestFinished(() => terminal.dispose())
  terminal.keyboard.encoding = encodingOf(program.encoding)
  terminal.inspect((term) => term.resize(size.cols, size.rows))
  const clock = new ManualClock()
  const output = new LineOutput({
    terminal,
    seamText: () => '',
    clock,
    times: new LineTimes(clock),
    onUnreadable: () => expect.unreachable('A program was taken for line noise.'),
    onDoubt: () => expect.unreachable('A program was taken for one of another encoding.'),
  })
  const shown = new Promise<void>((resolve) => terminal.onTitle((title) => title === END && resolve()))
  for (let at = 0; at < stream.length; at += piece) {
    output.write(stream.subarray(at, at + piece), false, () => {})
  }
  output.write(Buffer.from(`\x1b]0;${END}\x07`), false, () => {})
  await shown
  return terminal.inspect(screenText)
}

it.each(recordedScreens)('$name is shown as it should be', async (screen) => {
  const stream = await streamOf(screen)
  const text = await play(screen, stream, stream.length)
  await expect(text).toMatchFileSnapshot(baselineFile(screen.name))
  for (const piece of [1, 7, 1000]) expect(await play(screen, stream, piece)).toBe(text)
})
