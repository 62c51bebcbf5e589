import { type SandboxServer, wireState } from './sandbox-server.ts'

/**
 * The servers as an API writes them. A text is kept until its server's state changes: the list of ten thousand is asked
 * for again and again, and the product that is measured against it often runs in this process.
 */
export class WireTexts {
  readonly #kept = new WeakMap<SandboxServer, { key: string; text: string }>()

  /** @param form what else the text depends on, such as the version that was asked for */
  of(servers: readonly SandboxServer[], form: string, write: (server: SandboxServer) => object): string {
    return `[${servers.map((server) => this.#text(server, form, write)).join(',')}]`
  }

  #text(server: SandboxServer, form: string, write: (server: SandboxServer) => object): string {
    const { status, 'OS-EXT-STS:task_state': task } = wireState(server)
    const key = `${status} ${task} ${form}`
    const kept = this.#kept.get(server)
    if (kept?.key === key) return kept.text
    const text = JSON.stringify(write(server))
    this.#kept.set(server, { key, text })
    return text
  }
}
