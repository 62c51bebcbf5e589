import * as z from 'zod/mini'
import { type Now, systemClock } from '../../../shared/clock.ts'
import { SEEN_KEY } from '../../api/seen-key.ts'
import { onForget, signInChangedAt } from '../../api/sign-in-news.ts'
import type { SeenOutput } from '../transport/transport.ts'
import { SeenLine, StoredPiece } from './seen-line.ts'

/** A tab keeps what it saw of so many lines: as many as one page shows. */
const MOST_LINES = 9
/** What is written as the page goes, of all lines. A tab's storage has about 5 MB. */
const MOST_STORED_BYTES = 1024 * 1024
/** A reload takes seconds. What is older is of a tab that was closed, and is back. */
const STORED_MS = 5 * 60_000

const Stored = z.object({ leftAt: z.number(), lines: z.record(z.string(), z.array(StoredPiece)) })

/**
 * What this tab saw of direct lines, by their servers, the latest last. Nobody else keeps it, so it lies in memory, and
 * in the tab's storage only while the page loads anew. A sign-out takes it away.
 */
class SeenLines {
  readonly #clock: Now
  readonly #lines = new Map<string, SeenLine>()

  constructor(clock: Now) {
    this.#clock = clock
    this.#recall()
    onForget(() => this.#lines.clear())
    window.addEventListener('pagehide', () => this.#keep())
    // The browser kept the whole page, so it needs nothing of this.
    window.addEventListener('pageshow', () => write(null))
  }

  of(server: string): SeenLine {
    const line = this.#lines.get(server) ?? new SeenLine()
    this.#lines.delete(server)
    this.#lines.set(server, line)
    const [oldest] = this.#lines.keys()
    if (this.#lines.size > MOST_LINES && oldest !== undefined) this.#lines.delete(oldest)
    return line
  }

  /** Once: what lies in the storage could be copied with the tab. */
  #recall(): void {
    try {
      const text = sessionStorage.getItem(SEEN_KEY)
      write(null)
      if (text === null || cameBack()) return
      const { leftAt, lines } = Stored.parse(JSON.parse(text))
      const age = this.#clock.now() - leftAt
      if (age < 0 || age >= STORED_MS || signInChangedAt() >= leftAt) return
      for (const [server, pieces] of Object.entries(lines)) this.#lines.set(server, SeenLine.restored(pieces))
    } catch {
      // The browser denies it, or another version wrote it.
    }
  }

  #keep(): void {
    let room = MOST_STORED_BYTES
    const kept = [...this.#lines].reverse().filter(([, line]) => {
      room -= line.bytes
      return room >= 0
    })
    const lines = Object.fromEntries(kept.reverse().map(([server, line]) => [server, line.stored]))
    write(JSON.stringify({ leftAt: this.#clock.now(), lines } satisfies z.infer<typeof Stored>))
  }
}

function write(text: string | null): void {
  try {
    if (text === null) sessionStorage.removeItem(SEEN_KEY)
    else sessionStorage.setItem(SEEN_KEY, text)
  } catch {
    // The browser denies it, or has no room. Nothing outlives a reload then.
  }
}

/** The browser opened a tab again that was closed, or copied one. A tab that is loaded anew says so. */
const cameBack = () =>
  performance
    .getEntriesByType('navigation')
    .some((entry) => entry instanceof PerformanceNavigationTiming && entry.type === 'back_forward')

const seen = new SeenLines(systemClock)

/**
 * Shows what this tab saw of a server's direct line, as the relay shows what it kept: muted, with seams. Then it keeps
 * what comes. Ask for it when the tab knows whether it is a copy of another one.
 */
export function seenOf(server: string): SeenOutput {
  const line = seen.of(server)
  return {
    showAgain(handlers) {
      line.pageAway()
      for (const piece of line.pieces) {
        if (piece.kind === 'bytes') handlers.onBytes(piece.bytes, true, piece.heardAt)
        else {
          const { awayMs } = piece
          handlers.onRelay({ type: 'seam', why: awayMs === null ? 'page-away' : 'line-lost', awayMs })
        }
      }
    },
    heard: (bytes) => line.add(bytes, systemClock.now()),
    lost: () => line.lost(systemClock.now()),
  }
}
