import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'

interface BrowserOptions {
  origin: string
  /** Its address */
  from?: string
}

/** For tests: asks as a browser's page does, and keeps cookies. */
export class TestBrowser {
  readonly cookies = new Map<string, string>()
  /** The last answer's */
  setCookies: string[] = []
  readonly #app: FastifyInstance
  readonly #options: BrowserOptions

  constructor(app: FastifyInstance, options: BrowserOptions) {
    this.#app = app
    this.#options = options
  }

  async ask(
    method: 'GET' | 'POST' | 'PUT',
    url: string,
    more: Pick<InjectOptions, 'headers' | 'payload'> = {},
  ) {
    const { origin, from = '203.0.113.1' } = this.#options
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await this.#app.inject({
      method,
      url,
      remoteAddress: from,
      ...(more.payload === undefined ? {} : { payload: more.payload }),
      headers: {
        host: new URL(origin).host,
        ...(method === 'GET' ? {} : { origin }),
        ...(cookie ? { cookie } : {}),
        ...more.headers,
      },
    })
    this.#keep(response)
    return response
  }

  #keep(response: LightMyRequestResponse): void {
    this.setCookies = [response.headers['set-cookie'] ?? []].flat()
    for (const line of this.setCookies) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (/; Expires=Thu, 01 Jan 1970/i.test(line)) this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
  }
}
