/** A place on the page, in pixels */
export interface Point {
  x: number
  y: number
}

/** A finger that touches the screen, moves on it or leaves it. */
export interface Finger extends Point {
  id: number
  /** Milliseconds, by a clock that all fingers share */
  time: number
}

/** What one finger means. Two fingers are not its matter. */
export type Gesture =
  /** It was short and still. */
  | { kind: 'tap'; at: Point }
  /** It moved what it touches, by so much. */
  | { kind: 'drag'; at: Point; by: Point }
  /** It left while it moved, at so many pixels in a millisecond. */
  | { kind: 'fling'; at: Point; speed: number }
  /** It has rested on one place. */
  | { kind: 'hold'; at: Point }
  /** It moved after it had rested. */
  | { kind: 'extend'; at: Point }
  /** It left after it had rested. */
  | { kind: 'held' }

/** How long a finger rests before that means something. Phones open their own menu after 500 ms. */
export const HOLD_MS = 430
/** A finger that moves less than this is still. */
const SLOP = 8
/** A finger's speed is that of its last moves. */
const SPEED_MS = 80
/** A slower finger has put down what it dragged. */
const LEAST_SPEED = 0.15

type State =
  | { kind: 'idle' }
  | { kind: 'down'; from: Finger }
  | { kind: 'dragging'; id: number; last: Point; trail: Finger[] }
  | { kind: 'holding'; id: number }
  /** More than one finger came. They all have to leave before one means something again. */
  | { kind: 'several' }

/** Tells from the moves of fingers what is meant. It has no timer: `rested` says that a finger has been down for `HOLD_MS`. */
export class OneFinger {
  #state: State = { kind: 'idle' }
  readonly #down = new Set<number>()

  /** A finger is down and has not moved yet. */
  get waits(): boolean {
    return this.#state.kind === 'down'
  }

  get isDown(): boolean {
    return this.#down.size > 0
  }

  down(finger: Finger): Gesture | null {
    const { kind } = this.#state
    this.#down.add(finger.id)
    this.#state = this.#down.size > 1 ? { kind: 'several' } : { kind: 'down', from: finger }
    return kind === 'holding' ? { kind: 'held' } : null
  }

  move(finger: Finger): Gesture | null {
    const state = this.#state
    const at = pointOf(finger)
    switch (state.kind) {
      case 'down': {
        const { from } = state
        if (finger.id !== from.id || Math.hypot(at.x - from.x, at.y - from.y) < SLOP) return null
        // From here on: the way up to here would be a jump.
        this.#state = { kind: 'dragging', id: from.id, last: at, trail: [from, finger] }
        return { kind: 'drag', at, by: { x: 0, y: 0 } }
      }
      case 'dragging': {
        if (finger.id !== state.id) return null
        const by = { x: at.x - state.last.x, y: at.y - state.last.y }
        state.last = at
        state.trail = [...recent(state.trail, finger.time), finger]
        return { kind: 'drag', at, by }
      }
      case 'holding':
        return finger.id === state.id ? { kind: 'extend', at } : null
      case 'idle':
      case 'several':
        return null
    }
  }

  up(finger: Finger): Gesture | null {
    const state = this.#state
    const at = pointOf(finger)
    this.#leave(finger.id)
    switch (state.kind) {
      case 'down':
        return { kind: 'tap', at }
      case 'dragging': {
        const [first] = recent(state.trail, finger.time)
        if (!first || finger.time <= first.time) return null
        const speed = (at.y - first.y) / (finger.time - first.time)
        return Math.abs(speed) < LEAST_SPEED ? null : { kind: 'fling', at, speed }
      }
      case 'holding':
        return { kind: 'held' }
      case 'idle':
      case 'several':
        return null
    }
  }

  /** The browser or the phone took the finger for something else. */
  cancel(id: number): Gesture | null {
    const { kind } = this.#state
    this.#leave(id)
    return kind === 'holding' ? { kind: 'held' } : null
  }

  /** The finger has been down for `HOLD_MS`. */
  rested(): Gesture | null {
    const state = this.#state
    if (state.kind !== 'down') return null
    this.#state = { kind: 'holding', id: state.from.id }
    return { kind: 'hold', at: pointOf(state.from) }
  }

  #leave(id: number): void {
    this.#down.delete(id)
    this.#state = this.#down.size === 0 ? { kind: 'idle' } : { kind: 'several' }
  }
}

const pointOf = ({ x, y }: Point): Point => ({ x, y })
const recent = (trail: Finger[], now: number) => trail.filter(({ time }) => now - time <= SPEED_MS)
