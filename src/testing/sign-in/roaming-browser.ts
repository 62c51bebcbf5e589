/**
 * For tests: a browser, as far as cookies and redirects go, that visits several servers on this machine. It keeps cookies by host and path, as browsers do, without
 * regard to the port; `SameSite` is the browser tests' matter.
 */
export class RoamingBrowser {
  /** By host and path */
  readonly #cookies = new Map<string, Map<string, string>>()

  /** Names and values of the cookies that a whole host gets. */
  cookies(host: string, path = '/'): Map<string, string> {
    const of = `${host} ${path}`
    const cookies = this.#cookies.get(of) ?? new Map<string, string>()
    this.#cookies.set(of, cookies)
    return cookies
  }

  /** One request; a redirect is not followed. */
  async request(to: string | URL, init: RequestInit = {}): Promise<Response> {
    const url = new URL(to)
    const headers = new Headers(init.headers)
    const sent = [...this.#cookies].flatMap(([of, cookies]) =>
      `${url.hostname} ${url.pathname}`.startsWith(of) ? [...cookies] : [],
    )
    if (sent.length > 0) headers.set('cookie', sent.map((pair) => pair.join('=')).join('; '))
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) this.#keep(url.hostname, line)
    return response
  }

  #keep(host: string, line: string): void {
    const [pair = '', ...attributes] = line.split(/; */)
    const path = attributes.find((attribute) => /^path=/i.test(attribute))?.slice('path='.length)
    const cookies = this.cookies(host, path)
    const name = pair.slice(0, pair.indexOf('='))
    const over = attributes.some((attribute) => /^(max-age=0|expires=thu, 01 jan 1970)/i.test(attribute))
    if (over) cookies.delete(name)
    else cookies.set(name, pair.slice(pair.indexOf('=') + 1))
  }
}
