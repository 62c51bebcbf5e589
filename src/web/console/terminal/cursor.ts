import type { IParser } from '@xterm/xterm'
import { type Clock, steadyClock } from '../../../shared/clock.ts'
import { type Core, type CursorShape, coreOf } from './xterm-buffer.ts'

interface Hookable {
  readonly parser: IParser
  onCursorMove(listener: () => void): void
}

/** For so long the cursor is shown, and then hidden. The GPU renderer's own figure */
const PHASE_MS = 600
/** Without a key for so long, the cursor stands still, and so does the processor. GTK's figure, and so that of VTE */
const STILL_AFTER_MS = 10_000
/** The cursor blinks (DECSET 12) */
const BLINK = 12
/** DECSCUSR: each shape first blinking, then steady */
const shapes: readonly CursorShape[] = ['block', 'underline', 'bar']

/**
 * The cursor's shape, and whether it blinks: by a slow timer of ours in both renderers, and only while somebody types.
 * The machine chooses both (DECSCUSR, mode 12), but not against a reader who wants no motion, and not for a watcher.
 * xterm.js itself is told that the cursor never blinks.
 */
export class Cursor {
  readonly #core: Core
  readonly #clock: Clock
  readonly #mayMove: () => boolean
  #focused = false
  #watching = false
  /** The machine's choices. Null leaves it to the page. */
  #shape: CursorShape | null = null
  #blinks: boolean | null = null
  #hidden = false
  #typedAt = Number.NEGATIVE_INFINITY
  #moved = false
  #cancel: (() => void) | null = null

  /** @param mayMove false for a reader who wants no motion */
  constructor(terminal: Hookable, mayMove: () => boolean, clock: Clock = steadyClock) {
    this.#core = coreOf(terminal)
    this.#clock = clock
    this.#mayMove = mayMove
    const { coreService } = this.#core
    const reset = coreService.reset.bind(coreService)
    coreService.reset = () => {
      reset()
      this.#choose(null, null)
    }
    coreService.onUserInput(() => this.#typed())
    terminal.onCursorMove(() => {
      this.#moved = true
      this.#show()
    })
    const { parser } = terminal
    parser.registerCsiHandler({ intermediates: ' ', final: 'q' }, ([style]) => {
      if (typeof style !== 'number') return true
      // Counted from 1. 0 goes back to what the page has, and what is unknown changes only the blinking, as in xterm.js.
      if (style === 0) this.#choose(null, null)
      else this.#choose(shapes[Math.ceil(style / 2) - 1] ?? this.#shape, style % 2 === 1)
      return true
    })
    for (const final of ['h', 'l']) {
      parser.registerCsiHandler({ prefix: '?', final }, (params) => {
        if (params.includes(BLINK)) this.#choose(this.#shape, final === 'h')
        return false
      })
    }
    this.#apply()
  }

  /** A watcher's keys go nowhere, so the cursor is a line that stands still. */
  set watching(on: boolean) {
    this.#watching = on
    this.#apply()
  }

  set focused(on: boolean) {
    this.#focused = on
    if (on) this.#typed()
    else this.#stop()
  }

  dispose(): void {
    this.#stop()
  }

  #choose(shape: CursorShape | null, blinks: boolean | null): void {
    this.#shape = shape
    this.#blinks = blinks
    this.#apply()
  }

  #apply(): void {
    const { coreService, optionsService } = this.#core
    coreService.decPrivateModes.cursorStyle = this.#watching ? 'underline' : (this.#shape ?? undefined)
    // The renderers look here first. What the options say is what the machine is told when it asks (DECRQM, DECRQSS).
    coreService.decPrivateModes.cursorBlink = false
    optionsService.rawOptions.cursorBlink = this.#mayBlink
    if (!this.#mayBlink) this.#stop()
    this.#draw()
  }

  get #mayBlink(): boolean {
    return !this.#watching && (this.#blinks ?? true) && this.#mayMove()
  }

  #typed(): void {
    this.#typedAt = this.#clock.now()
    this.#moved = true
    this.#show()
    if (this.#cancel === null && this.#focused && this.#mayBlink) this.#wait()
  }

  #wait(): void {
    this.#cancel = this.#clock.after(PHASE_MS, () => this.#tick())
  }

  #tick(): void {
    this.#cancel = null
    if (!this.#mayBlink || this.#clock.now() - this.#typedAt >= STILL_AFTER_MS) {
      this.#show()
      return
    }
    if (this.#moved || this.#hidden) this.#show()
    else this.#hide()
    this.#moved = false
    this.#wait()
  }

  #stop(): void {
    this.#cancel?.()
    this.#cancel = null
    this.#show()
  }

  #hide(): void {
    this.#hidden = true
    this.#core.coreService.isCursorInitialized = false
    this.#draw()
  }

  #show(): void {
    if (!this.#hidden) return
    this.#hidden = false
    this.#core.coreService.isCursorInitialized = true
    this.#draw()
  }

  #draw(): void {
    const { buffers, rows } = this.#core._bufferService
    const { y, ybase, ydisp } = buffers.active
    const row = ybase + y - ydisp
    if (row < rows) this.#core._renderService?.refreshRows(row, row, true)
  }
}
