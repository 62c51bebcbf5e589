import { vi } from 'vitest'
import { type About, paths, ServerList } from '../../shared/api.ts'
import type { Failure } from '../../shared/cause.ts'
import type { OpenConsoles } from '../../shared/open-consoles.ts'
import type { SignInState } from '../../shared/sign-in.ts'
import type { Role } from '../../shared/user.ts'
import { wholeList } from '../server-list.ts'
import { ndjson } from './ndjson.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** What the page asked its server for. */
export interface Asked {
  method: Method
  path: string
  query: URLSearchParams
  headers: Headers
  body: unknown
}

type Answer = (asked: Asked) => { status: number; body: unknown } | Promise<{ status: number; body: unknown }>

/** The page's server in a test: it gives the answers that the test put in, by method and path, over `fetch`. */
export class FakeApi {
  readonly asked: Asked[] = []
  readonly #answers = new Map<string, Answer>()

  constructor() {
    this.about()
    this.answer('GET', paths.openConsoles(), { consoles: [], known: true, links: [] } satisfies OpenConsoles)
    this.signedIn('admin')
    vi.stubGlobal('fetch', (input: string, init: RequestInit = {}) => this.#fetch(input, init))
  }

  /** Tells what this installation is, and what differs from most tests'. */
  about(change: Partial<About> = {}): this {
    return this.answer('GET', paths.about(), {
      cloud: 'Test cloud',
      sandbox: false,
      version: '0.0.0-test',
      recordings: 'on-demand',
      watch: false,
      log: true,
      preferences: 'browser',
      power: { forced: false, nmi: false },
      ...change,
    } satisfies About)
  }

  /** @param body as JSON, or a response as it is; a function makes it from what was asked */
  answer(method: Method, path: string, body: unknown | ((asked: Asked) => unknown)): this {
    return this.on(method, path, (asked) => ({
      status: 200,
      body: typeof body === 'function' ? body(asked) : body,
    }))
  }

  fail(method: Method, path: string, failure: Failure, status = 502): this {
    return this.on(method, path, () => ({ status, body: { error: failure } }))
  }

  /** Never answers. */
  hang(method: Method, path: string): this {
    return this.on(method, path, () => new Promise(() => {}))
  }

  on(method: Method, path: string, answer: Answer): this {
    this.#answers.set(`${method} ${path}`, answer)
    return this
  }

  signedIn(role: Role, change: Partial<Extract<SignInState, { state: 'signed-in' }>> = {}): this {
    const user = { name: 'Ada', role }
    return this.answer('GET', paths.signIn(), {
      state: 'signed-in',
      user,
      maySignOut: true,
      projects: null,
      ...change,
    } satisfies SignInState)
  }

  signedOut(change: Partial<Extract<SignInState, { state: 'signed-out' }>> = {}): this {
    return this.answer('GET', paths.signIn(), {
      state: 'signed-out',
      offer: { mode: 'iam', cloud: 'Test cloud', domain: null, domainTerm: 'account' },
      ...change,
    } satisfies SignInState)
  }

  /** What was asked for at this path, in order. */
  askedFor(method: Method, path: string): Asked[] {
    return this.asked.filter((each) => each.method === method && each.path === path)
  }

  async #fetch(input: string, init: RequestInit): Promise<Response> {
    const { pathname, searchParams } = new URL(input, 'http://page.test')
    const asked: Asked = {
      method: (init.method ?? 'GET') as Method,
      path: pathname,
      query: searchParams,
      headers: new Headers(init.headers),
      body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined,
    }
    this.asked.push(asked)
    const answer =
      this.#answers.get(`${asked.method} ${pathname}`) ??
      (pathname === paths.serverList() ? this.#answers.get(`GET ${paths.servers()}`) : undefined)
    if (!answer) throw new TypeError(`The test has no answer to ${asked.method} ${pathname}.`)
    const { status, body } = await answer(asked)
    init.signal?.throwIfAborted()
    if (body instanceof Response) return body
    // A test gives the list as other programs get it. The page asks for it as a stream.
    const list = pathname === paths.serverList() ? ServerList.safeParse(body) : null
    if (list?.success) return ndjson(...wholeList(list.data))
    return status === 204 ? new Response(null, { status }) : Response.json(body ?? null, { status })
  }
}
