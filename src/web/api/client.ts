import * as z from 'zod/mini'
import {
  About,
  ApiError,
  IssuedConsole,
  type IssueRequest,
  type PowerRequest,
  type ReleaseRequest,
  ServerDetail,
} from '../../shared/api.ts'
import type { Cause, Failure } from '../../shared/cause.ts'
import { OpenConsoles } from '../../shared/open-consoles.ts'
import { PowerAccepted, PowerProgress } from '../../shared/power.ts'
import { ListEvent } from '../../shared/server-list.ts'
import {
  type IamCredentials,
  IDLE_HEADER,
  type ProjectChoice,
  ProjectOffer,
  SignInState,
  SignOutAnswer,
  type SignOutRequest,
} from '../../shared/sign-in.ts'
import { access } from './access.ts'
import { activity } from './activity.ts'
import type { ListNews } from './listed.ts'
import { paths } from './paths.ts'

/** The only error that leaves this module. It carries the failure as page and server both name it. */
class ApiFailure extends Error {
  override readonly name = 'ApiFailure'
  constructor(readonly failure: Failure) {
    super(failure.detail ?? failure.cause)
  }
}

/** Longer than the proxy waits for the cloud, so that the proxy's answer comes first: it knows more. */
const TIME_LIMIT_MS = 30_000

/** Calls the proxy's API. Every failure is thrown as an `ApiFailure`. */
export async function call<T>(
  path: string,
  schema: z.ZodMiniType<T>,
  method = 'GET',
  signal?: AbortSignal,
  body?: unknown,
  more: Record<string, string> = {},
): Promise<T> {
  const limit = AbortSignal.timeout(TIME_LIMIT_MS)
  const signals = signal ? AbortSignal.any([signal, limit]) : limit
  return read(path, schema, await answer(path, 'application/json', method, signals, body, more))
}

/** Like `call`, for a request that is already under way. */
export async function received<T>(
  path: string,
  schema: z.ZodMiniType<T>,
  response: Promise<Response>,
): Promise<T> {
  return read(path, schema, await accepted(response))
}

async function read<T>(path: string, schema: z.ZodMiniType<T>, response: Response): Promise<T> {
  const parsed = schema.safeParse(await response.json().catch(() => undefined))
  if (!parsed.success) throw failed('proxy-error', `The answer to ${path} is not as expected.`)
  return parsed.data
}

/** Like `call`, for an answer that is text. It may be long, so only its beginning must come in time. */
export async function callText(path: string, signal?: AbortSignal): Promise<string> {
  const response = await begun(path, signal)
  return response.text().catch(() => {
    throw failed(unreached())
  })
}

/**
 * Like `callText`, for an answer of one JSON object a line, each as it comes.
 * @param quietMs the answer ends when nothing came for so long. Absent: it may be quiet.
 */
export async function* callLines<T>(
  path: string,
  schema: z.ZodMiniType<T>,
  signal?: AbortSignal,
  quietMs?: number,
): AsyncGenerator<T> {
  const response = await begun(path, signal)
  const bytes = response.body?.getReader()
  const decoder = new TextDecoder()
  let text = ''
  for (let done = !bytes; bytes && !done; ) {
    const late = quietMs === undefined ? undefined : setTimeout(() => void bytes.cancel(), quietMs)
    const read = await bytes
      .read()
      .catch(() => {
        throw failed(unreached())
      })
      .finally(() => clearTimeout(late))
    done = read.done
    text += read.value ? decoder.decode(read.value, { stream: true }) : decoder.decode()
    const lines = text.split('\n')
    // The last one may go on.
    text = done ? '' : (lines.pop() ?? '')
    for (const line of lines) if (line !== '') yield parsedLine(path, schema, line)
  }
}

function parsedLine<T>(path: string, schema: z.ZodMiniType<T>, line: string): T {
  try {
    return schema.parse(JSON.parse(line))
  } catch {
    throw failed('proxy-error', `A line of the answer to ${path} is not as expected.`)
  }
}

function begun(path: string, signal?: AbortSignal): Promise<Response> {
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(), TIME_LIMIT_MS)
  const signals = signal ? [signal, limit.signal] : [limit.signal]
  return answer(path, '*/*', 'GET', AbortSignal.any(signals)).finally(() => clearTimeout(timer))
}

/** Whether the browser is offline or the server did not answer: only the browser knows. */
const unreached = () => (navigator.onLine ? 'proxy-unreachable' : 'network-lost')

function answer(
  path: string,
  accept: string,
  method: string,
  signal: AbortSignal,
  body?: unknown,
  more: Record<string, string> = {},
): Promise<Response> {
  const headers: Record<string, string> = { accept, ...more }
  const shown = access.get()
  if (shown.by === 'bearer' && shown.bearer !== null) headers.authorization = `Bearer ${shown.bearer}`
  if (activity.idle()) headers[IDLE_HEADER] = '1'
  if (body !== undefined) headers['content-type'] = 'application/json'
  const json = body === undefined ? null : JSON.stringify(body)
  // With a bearer, no cookie is sent and none is accepted.
  const credentials = shown.by === 'bearer' ? 'omit' : 'same-origin'
  // What a page takes back may be the last thing that it does.
  const keepalive = method === 'DELETE'
  return accepted(fetch(path, { method, headers, body: json, signal, credentials, keepalive }))
}

async function accepted(asked: Promise<Response>): Promise<Response> {
  const response = await asked.catch(() => {
    throw failed(unreached())
  })
  if (response.ok) return response
  const body = ApiError.safeParse(await response.json().catch(() => undefined))
  throw body.success ? new ApiFailure(body.data.error) : failed('proxy-error', `HTTP ${response.status}`)
}

function failed(cause: Cause, detail?: string): ApiFailure {
  return new ApiFailure({ cause, ...(detail ? { detail } : {}) })
}

/** Told once the server has said so, and as long as it may still be away for that reason */
export const restarting = () => failed('proxy-restarting')

export const about = (signal?: AbortSignal) => call(paths.about(), About, 'GET', signal)
/**
 * The list as it comes. It ends when it is whole.
 * @param since the version that the page has
 * @param anew asks the cloud; otherwise the list may be some seconds old
 */
export async function* listEvents(
  since: string | undefined,
  anew: boolean,
  signal: AbortSignal,
): AsyncGenerator<ListNews> {
  const path = paths.serverList({ since, fresh: anew ? 'true' : undefined })
  let whole = false
  for await (const event of callLines(path, ListEvent, signal, TIME_LIMIT_MS)) {
    if (event.type === 'failed') throw new ApiFailure(event.failure)
    whole = event.type === 'end'
    yield event
  }
  if (!whole) throw failed(unreached())
}
export const getServer = async (id: string, signal?: AbortSignal) =>
  (await call(paths.server(id), ServerDetail, 'GET', signal)).server
export const issueConsole = (id: string, request: IssueRequest, signal?: AbortSignal) =>
  call(paths.issueConsole(id), IssuedConsole, 'POST', signal, request)
/** Says that the page has closed its direct line. It may be said while the page goes. */
export const releaseConsole = (id: string, request: z.infer<typeof ReleaseRequest>) =>
  call(paths.issueConsole(id), z.unknown(), 'DELETE', undefined, request)

export const openConsoles = (signal?: AbortSignal) => call(paths.openConsoles(), OpenConsoles, 'GET', signal)

export const watchLine = (id: string, watched: boolean) =>
  call(paths.watch(id), z.unknown(), watched ? 'PUT' : 'DELETE')

/** Resolves once the cloud has accepted the action. The action itself takes longer. */
export const powerServer = (id: string, request: PowerRequest) =>
  call(paths.power(id), PowerAccepted, 'POST', undefined, request)

export const powerJob = (id: string, job: string) => call(paths.powerJob(id, job), PowerProgress)

export const signInState = (signal?: AbortSignal) => call(paths.signIn(), SignInState, 'GET', signal)
export const signInIam = (credentials: IamCredentials) =>
  call(paths.signInIam(), z.unknown(), 'POST', undefined, credentials)
export const projectOffer = (signal?: AbortSignal) =>
  call(paths.signInProjects(), ProjectOffer, 'GET', signal)
export const chooseProjects = (choice: ProjectChoice) =>
  call(paths.signInProjects(), z.unknown(), 'PUT', undefined, choice)
export const signOut = (request: SignOutRequest) =>
  call(paths.signOut(), SignOutAnswer, 'POST', undefined, request)

/** The failure behind anything that was thrown. */
export function failureOf(error: unknown): Failure {
  return error instanceof ApiFailure ? error.failure : { cause: 'proxy-error', detail: String(error) }
}
