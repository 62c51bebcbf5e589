import type { Socket } from 'node:net'
import type { Clock } from '../../../shared/clock.ts'

/** How long one end may take for the last bytes, once the other is gone. */
const LAST_MS = 2_000

/**
 * Passes bytes both ways, each way as fast as the slower end takes them. Both ends go together: what one said before it
 * ended still reaches the other, and an end that broke takes the other with it.
 */
export function splice(one: Socket, other: Socket, clock: Clock): void {
  one.pipe(other)
  other.pipe(one)
  end(one, other, clock)
  end(other, one, clock)
}

function end(gone: Socket, left: Socket, clock: Clock): void {
  gone.once('close', () => {
    if (left.destroyed) return
    if (!gone.readableEnded) return void left.destroy()
    left.once(
      'close',
      clock.after(LAST_MS, () => left.destroy()),
    )
    left.destroySoon()
  })
  // `pipe` leaves the other end open where this one fails.
  gone.on('error', () => gone.destroy())
}
