/** Whether the command palette is open. A key opens it, and so do buttons on several pages. */
class PaletteDoor {
  readonly #listeners = new Set<() => void>()
  #open = false

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  readonly isOpen = (): boolean => this.#open
  readonly open = (): void => this.#set(true)
  readonly close = (): void => this.#set(false)

  #set(open: boolean): void {
    if (open === this.#open) return
    this.#open = open
    for (const listener of this.#listeners) listener()
  }
}

export const paletteDoor = new PaletteDoor()
