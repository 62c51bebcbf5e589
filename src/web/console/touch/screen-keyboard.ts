/** The part of the page that a keyboard on the screen leaves in sight, in pixels from the page's top. */
export interface Seen {
  top: number
  height: number
}

/** Browsers' own bars, and a strip of suggestions above a real keyboard, take less. */
const LEAST_KEYBOARD = 120
/** A page that shows less than this has no room for its bar. */
const LOW = 260

type Viewport = Pick<VisualViewport, 'height' | 'offsetTop' | 'scale'>

/**
 * @param page the height of the whole page
 * @returns null: no keyboard covers it, or a person has zoomed in, and then moves the page by themselves
 */
export function seenOf({ height, offsetTop, scale }: Viewport, page: number): Seen | null {
  if (scale > 1.02 || page - height < LEAST_KEYBOARD) return null
  return { top: offsetTop, height }
}

/** What keeps its height on the page while the keyboard covers a part of it. */
export interface Kept {
  hold(): void
  release(): void
  /** Something else of it may be in sight. */
  reveal(): void
}

/**
 * The keyboard on the screen. Browsers lay it over the page, and tell how much is still to be seen. The page then takes
 * that part alone, and terminals keep their rows: a machine hears nothing of a new size.
 * https://drafts.csswg.org/css-viewport/#interactive-widget-section
 */
class ScreenKeyboard {
  readonly #kept = new Set<Kept>()
  #seen: Seen | null = null
  #page = ''
  #stop: (() => void) | null = null

  /** @returns ends it */
  add(kept: Kept): () => void {
    this.#kept.add(kept)
    this.#stop ??= this.#listen()
    if (this.#seen) this.#layAnew()
    return () => {
      this.#kept.delete(kept)
      if (this.#kept.size > 0) return
      this.#stop?.()
      this.#stop = null
      this.#close()
    }
  }

  #listen(): () => void {
    const viewport = window.visualViewport
    const listening = new AbortController()
    const look = () => viewport && this.#look(viewport)
    for (const type of ['resize', 'scroll']) viewport?.addEventListener(type, look, listening)
    look()
    return () => listening.abort()
  }

  #look(viewport: Viewport): void {
    const { clientWidth, clientHeight } = document.documentElement
    // Where a browser's bar went away, the page is higher than the document says; on others the window is lower.
    const seen = seenOf(viewport, Math.max(clientHeight, window.innerHeight))
    if (!seen) return this.#close()
    const page = `${clientWidth} ${clientHeight}`
    const wasOpen = this.#seen !== null
    this.#seen = seen
    if (wasOpen && page === this.#page) {
      this.#show(seen)
      for (const kept of this.#kept) kept.reveal()
    } else {
      this.#page = page
      this.#layAnew()
    }
  }

  /** They take the height that they have on the whole page. */
  #layAnew(): void {
    const { dataset, style } = document.documentElement
    style.removeProperty('--seen-height')
    delete dataset.keyboard
    for (const kept of this.#kept) kept.release()
    for (const kept of this.#kept) kept.hold()
    if (this.#seen) this.#show(this.#seen)
    for (const kept of this.#kept) kept.reveal()
  }

  #show({ top, height }: Seen): void {
    const { dataset, style } = document.documentElement
    style.setProperty('--seen-top', `${top}px`)
    style.setProperty('--seen-height', `${height}px`)
    dataset.keyboard = height < LOW ? 'low' : 'open'
  }

  #close(): void {
    if (!this.#seen) return
    this.#seen = null
    const { dataset, style } = document.documentElement
    style.removeProperty('--seen-top')
    style.removeProperty('--seen-height')
    delete dataset.keyboard
    for (const kept of this.#kept) kept.release()
  }
}

/** A page has one. */
export const screenKeyboard = new ScreenKeyboard()
