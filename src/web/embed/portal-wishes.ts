import type { EmbedChrome } from '../../shared/embed.ts'

export interface Wishes {
  /** `none`: the portal draws its own bar. */
  chrome: EmbedChrome
  /** Keys that are the portal's and not the line's. */
  passKeys: readonly string[]
}

/** What the portal wants of this page besides the look. */
export class PortalWishes {
  #wishes: Wishes = { chrome: 'bar', passKeys: [] }
  readonly #listeners = new Set<() => void>()

  readonly get = (): Wishes => this.#wishes

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** What is not named stays as it is. */
  set({ chrome, passKeys }: { [K in keyof Wishes]?: Wishes[K] | undefined }): void {
    const before = this.#wishes
    this.#wishes = { chrome: chrome ?? before.chrome, passKeys: passKeys ?? before.passKeys }
    for (const listener of this.#listeners) listener()
  }
}
