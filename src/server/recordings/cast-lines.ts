import { SILENCE_MS } from '../../shared/guard/guard.ts'
import { Lines, type PlainLine } from '../../shared/lines/lines.ts'
import type { CastEvents } from './cast.ts'

/**
 * The lines that a recording's machine printed, as many at once as one piece of the recording gives. Each character knows its
 * second. What the page gave up after a silence is given up here, too.
 */
export async function* castLines(recording: CastEvents): AsyncGenerator<PlainLine[]> {
  let found: PlainLine[] = []
  let spoke = 0
  const lines = new Lines((line) => found.push(line))
  for await (const events of recording) {
    for (const [second, code, text] of events) {
      if ((second - spoke) * 1000 >= SILENCE_MS) lines.flush(spoke)
      if (code === 'o') {
        lines.push(text, second)
        spoke = second
        // Each marker tells of a break: the line was lost or came back, or bytes were not recorded.
      } else if (code === 'm') lines.break(spoke)
    }
    yield found
    found = []
  }
  lines.end(spoke)
  yield found
}

/** All that a recording's machine printed, as plain text. */
export async function* castText(recording: CastEvents): AsyncGenerator<string> {
  for await (const lines of castLines(recording)) {
    let text = ''
    for (const line of lines) text += `${line.text.trimEnd()}\n`
    if (text !== '') yield text
  }
}
