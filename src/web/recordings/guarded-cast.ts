import * as z from 'zod/mini'
import { Guard, SILENCE_MS } from '../../shared/guard/guard.ts'

const Header = z.object({ width: z.int().check(z.positive()), height: z.int().check(z.positive()) })
/** Seconds, kind, text */
const Event = z.tuple([z.number(), z.string(), z.string()])

/** An ESC as JSON writes it, or a C1 control. */
const SPECIAL = /\\u001[bB]|[\x80-\x9f]/

/**
 * An asciicast whose output has passed the guard: the player's terminal shows what the page's terminal showed. A line
 * without a sequence stays as it is.
 */
export function guardedCast(cast: string): string {
  const [first = '', ...lines] = cast.split('\n')
  const header = Header.safeParse(parsed(first))
  const size = header.success ? { cols: header.data.width, rows: header.data.height } : { cols: 80, rows: 24 }
  const guard = new Guard(() => size)
  const guarded = [first]
  let spoke = 0
  /** The player wants events in the order of their times. */
  let latest = 0
  const show = (text: string, second: number) => {
    latest = Math.max(latest, second)
    if (text !== '') guarded.push(JSON.stringify([latest, 'o', text]))
  }
  for (const line of lines) {
    if (line === '') continue
    if (!guard.insideSequence && !SPECIAL.test(line)) {
      guarded.push(line)
      continue
    }
    const event = Event.safeParse(parsed(line))
    if (!event.success) {
      guarded.push(line)
      continue
    }
    const [second, kind, text] = event.data
    const silent = spoke + SILENCE_MS / 1000
    if (second >= silent) show(guard.flush(), silent)
    if (kind === 'o') {
      spoke = second
      show(guard.push(text), second)
    } else {
      // A marker tells of a break in the output.
      if (kind === 'm') show(guard.end(), second)
      latest = second
      guarded.push(line)
    }
  }
  show(guard.end(), latest)
  return `${guarded.join('\n')}\n`
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}
