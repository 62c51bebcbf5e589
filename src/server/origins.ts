/**
 * The origins under which browsers open this server. They are bound once: by the configuration, or after `listen` where
 * the port is any free one.
 */
export class PublicOrigins {
  #origins: readonly { origin: string; host: string; secure: boolean }[] | null = null

  /** @param known null: they are bound later, and until then there are none */
  constructor(known: readonly string[] | null = null) {
    if (known) this.bind(known)
  }

  bind(origins: readonly string[]): void {
    if (this.#origins) throw new Error('The public origins are bound already.')
    this.#origins = origins.map((origin) => {
      const { host, protocol } = new URL(origin)
      return { origin, host, secure: protocol === 'https:' }
    })
  }

  /** As a browser's address line shows them: for messages, and for what must be registered elsewhere. */
  get all(): readonly string[] {
    return this.#known.map(({ origin }) => origin)
  }

  /** The one that a person is told. */
  get first(): string {
    const [first] = this.#known
    if (!first) throw new Error('There is no public origin yet.')
    return first.origin
  }

  /** Whether a page of this origin is ours. */
  allows(origin: string): boolean {
    return this.#known.some((known) => known.origin === origin)
  }

  /** @param host as a request's `Host` header has it */
  hasHost(host: string | undefined): boolean {
    return this.#at(host).length > 0
  }

  /** Whether browsers come to this host over https only. The request guard lets in no host but ours. */
  isSecure(host: string | undefined): boolean {
    return this.#at(host).every(({ secure }) => secure)
  }

  /** The origin that a request came by: the first one where the host is none of ours. */
  originOf(host: string | undefined): string {
    return this.#at(host)[0]?.origin ?? this.first
  }

  get #known() {
    return this.#origins ?? []
  }

  #at(host: string | undefined) {
    const wanted = host?.toLowerCase()
    return this.#known.filter((known) => known.host === wanted)
  }
}

/** The origins under which a loopback listener can be opened. */
export function loopbackOrigins(port: number): string[] {
  return ['localhost', '127.0.0.1', '[::1]'].map((name) => new URL(`http://${name}:${port}`).origin)
}

/** https, or plain http that does not leave the machine. */
export function isSafeOrigin(origin: string): boolean {
  const { protocol, hostname } = new URL(origin)
  return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
}
