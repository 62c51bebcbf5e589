import { onTestFinished } from 'vitest'
import type { SandboxUser } from '../sandbox/directory.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../sandbox/sandbox.ts'
import { ManualClock } from './clock.ts'

const START = Date.parse('2026-03-04T05:06:07Z')

interface Answer {
  status: number
  headers: Headers
  json: unknown
  /** The token in `X-Subject-Token`; empty where there is none. */
  subject: string
}

/** Starts a sandbox on a clock that the test turns, with a client that sends any request. */
export async function startClient(options: Partial<SandboxOptions> = {}) {
  const clock = new ManualClock(START)
  const sandbox: Sandbox = await startSandbox({
    allowedOrigins: [],
    bootSpeed: 1_000,
    clock,
    ...options,
  })
  onTestFinished(() => sandbox.close())

  async function send(
    method: string,
    url: string,
    { body, ...headers }: Record<string, unknown> = {},
  ): Promise<Answer> {
    const response = await fetch(new URL(url, sandbox.apiEndpoint), {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(headers as Record<string, string>),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      json: text === '' ? null : JSON.parse(text),
      subject: response.headers.get('x-subject-token') ?? '',
    }
  }

  /** `base`: `/v3` is IAM, `/identity/v3` Keystone. */
  const auth = (
    base: '/v3' | '/identity/v3',
    identity: object,
    scope?: unknown,
    headers: Record<string, unknown> = {},
  ) =>
    send('POST', `${base}/auth/tokens`, {
      body: { auth: { identity, ...(scope === undefined ? {} : { scope }) } },
      ...headers,
    })

  return { sandbox, send, auth, clock }
}

export const byPassword = (user: SandboxUser, password = user.password) => ({
  methods: ['password'],
  password: { user: { name: user.name, password, domain: { name: user.domain } } },
})

export const byToken = (id: string) => ({ methods: ['token'], token: { id } })

export const unauthorised = (message: string) => ({
  status: 401,
  json: { error: { code: 401, message, title: 'Unauthorized' } },
  subject: '',
})
