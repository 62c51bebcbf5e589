import type { Terminal } from '@xterm/xterm'
import { hasGpu } from './gpu.ts'

/**
 * The GPU renderer of one terminal, while it is wanted. A page has 16 contexts in Chromium, which kills the oldest beyond
 * that. When a context is lost, the DOM renderer takes over.
 */
export class GpuRenderer {
  readonly #term: Terminal
  #wanted = false
  #drop = () => {}

  constructor(term: Terminal) {
    this.#term = term
  }

  set wanted(on: boolean) {
    if (on === this.#wanted) return
    this.#wanted = on
    if (on) void this.#load()
    else this.#drop()
  }

  dispose(): void {
    this.wanted = false
  }

  async #load(): Promise<void> {
    if (!hasGpu()) return
    try {
      const { WebglAddon } = await import('@xterm/addon-webgl')
      // Meanwhile it may be wanted no longer, or have been loaded by a second wish.
      if (!this.#wanted || this.#term.element?.querySelector('.xterm-screen canvas')) return
      const addon = new WebglAddon()
      addon.onContextLoss(() => addon.dispose())
      this.#term.loadAddon(addon)
      this.#drop = () => {
        const canvases = [...(this.#term.element?.querySelectorAll('canvas') ?? [])]
        addon.dispose()
        // The add-on leaves its context to the garbage collector, and until then it counts.
        for (const canvas of canvases) {
          canvas.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext()
        }
        this.#drop = () => {}
      }
    } catch {
      // WebGL does not work after all. The DOM renderer is already drawing.
    }
  }
}
