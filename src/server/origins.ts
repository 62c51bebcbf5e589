/**
 * Browsers open this server under these origins, and below one path. The origins are bound once: from the configuration,
 * or after `listen` if the port is any free one.
 */
export class PublicOrigins {
  #origins: readonly { origin: string; host: string; secure: boolean }[] | null = null

  /**
   * @param known null: they are bound later, and until then there are none
   * @param base the path below which all is, such as `/console`, or nothing
   */
  constructor(
    known: readonly string[] | null = null,
    readonly base = '',
  ) {
    if (known) this.bind(known)
  }

  bind(origins: readonly string[]): void {
    if (this.#origins) throw new Error('The public origins are bound already.')
    this.#origins = origins.map((origin) => {
      const { host, protocol } = new URL(origin)
      return { origin, host, secure: protocol === 'https:' }
    })
  }

  /** All of them, in the order of the configuration */
  get all(): readonly string[] {
    return this.#known.map(({ origin }) => origin)
  }

  /** All of them with the path: the addresses by which portals know this server */
  get addresses(): readonly string[] {
    return this.all.map((origin) => origin + this.base)
  }

  /** The address to show to a person */
  get shown(): string {
    return this.base ? `${this.first}${this.base}/` : this.first
  }

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

  /** Whether browsers reach this host over https only. The request guard lets in our hosts alone. */
  isSecure(host: string | undefined): boolean {
    return this.#at(host).every(({ secure }) => secure)
  }

  /** The origin that a request came by. It is the first one if the host is none of ours. */
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

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

/** The origins under which a loopback listener can be opened. */
export function loopbackOrigins(port: number, scheme: 'http' | 'https' = 'http'): string[] {
  return LOOPBACK.map((name) => new URL(`${scheme}://${name}:${port}`).origin)
}

/** https, or plain http that does not leave the machine. */
export function isSafeOrigin(origin: string): boolean {
  const { protocol, hostname } = new URL(origin)
  return protocol === 'https:' || LOOPBACK.includes(hostname)
}

/**
 * Whether browsers may remember that its host is reached over https alone. They remember it for every port of the host, so
 * an origin with a port of its own may have neighbours on plain http, as loopback has. RFC 6797, section 8.3
 */
export function isStrictOrigin(origin: string): boolean {
  const { protocol, hostname, port } = new URL(origin)
  return protocol === 'https:' && port === '' && !LOOPBACK.includes(hostname)
}
