import * as z from 'zod/mini'
import type { AuditFilter } from './audit.ts'
import { Failure } from './cause.ts'
import type { LogPlace } from './line-log.ts'
import type { LogSearch } from './log-search.ts'
import { PowerTraits } from './power.ts'
import { RecordingMode } from './recording.ts'
import { PowerAction, Server } from './server.ts'
import { RelayOnly } from './transport.ts'

/**
 * The HTTP API. Every path is built here.
 * @param base the path below which the server is, such as `/console`, or nothing
 */
export const pathsBelow = (base: string) => ({
  servers: () => `${base}/api/servers`,
  /** @param since the version that the page has */
  serverList: (query: { since?: string | undefined; fresh?: 'true' | undefined } = {}) =>
    withQuery(`${base}/api/servers/list`, query),
  server: (id: string) => `${base}/api/servers/${encodeURIComponent(id)}`,
  /** Its network cards and volumes */
  attachments: (id: string) => `${base}/api/servers/${encodeURIComponent(id)}/attachments`,
  issueConsole: (id: string) => `${base}/api/servers/${encodeURIComponent(id)}/console`,
  relay: (session: string) => `${base}/api/consoles/${encodeURIComponent(session)}/relay`,
  /** Who has which console open */
  openConsoles: () => `${base}/api/consoles/open`,
  watch: (id: string) => `${base}/api/servers/${encodeURIComponent(id)}/watch`,
  power: (id: string) => `${base}/api/servers/${encodeURIComponent(id)}/power`,
  /** @param job what the cloud answered to the action */
  powerJob: (id: string, job: string) =>
    `${base}/api/servers/${encodeURIComponent(id)}/power/${encodeURIComponent(job)}`,
  /** @param take how many events of each kind */
  activity: (id: string, take?: number) =>
    withQuery(`${base}/api/servers/${encodeURIComponent(id)}/activity`, { take }),
  about: () => `${base}/api/about`,
  preferences: () => `${base}/api/preferences`,
  /** The page to embed */
  embed: (server: string) => `${base}/embed/${encodeURIComponent(server)}`,
  embedExchange: () => `${base}/api/embed/exchange`,
  embedCheck: () => `${base}/api/embed/check`,
  signIn: () => `${base}/api/sign-in`,
  signInIam: () => `${base}/api/sign-in/iam`,
  signInProjects: () => `${base}/api/sign-in/projects`,
  /** @param to the path of the page to return to */
  signInOidc: (to: string) => `${base}/api/sign-in/oidc?${new URLSearchParams({ to })}`,
  signOut: () => `${base}/api/sign-out`,
  recordings: (query: { server?: string; page?: number }) => withQuery(`${base}/api/recordings`, query),
  recording: (id: string) => `${base}/api/recordings/${encodeURIComponent(id)}`,
  /** In all that the user may read, or those of one server */
  recordingsSearch: (query: LogSearch, server = '') =>
    withQuery(`${base}/api/recordings/search`, { ...searchQuery(query), server }),
  recordingSearch: (id: string, query: LogSearch) =>
    withQuery(`${base}/api/recordings/${encodeURIComponent(id)}/search`, searchQuery(query)),
  recordingCast: (id: string) => `${base}/api/recordings/${encodeURIComponent(id)}/cast`,
  recordingText: (id: string) => `${base}/api/recordings/${encodeURIComponent(id)}/text`,
  lineLog: (id: string) => `${base}/api/servers/${encodeURIComponent(id)}/log`,
  lineLogLines: (id: string, place: LogPlace) =>
    withQuery(`${base}/api/servers/${encodeURIComponent(id)}/log/lines`, {
      ...place,
      from: numeral(place.from),
    }),
  /** Absent: from the oldest byte, to the newest */
  lineLogRaw: (id: string, range: { from?: number; to?: number } = {}) =>
    withQuery(`${base}/api/servers/${encodeURIComponent(id)}/log/raw`, { ...range }),
  lineLogFollow: (id: string, place: { from?: number; last?: number } = {}) =>
    withQuery(`${base}/api/servers/${encodeURIComponent(id)}/log/follow`, {
      ...place,
      from: numeral(place.from),
    }),
  lineLogSearch: (id: string, query: LogSearch) =>
    withQuery(`${base}/api/servers/${encodeURIComponent(id)}/log/search`, searchQuery(query)),
  /** In all lines that the user may read */
  logSearch: (query: LogSearch) => withQuery(`${base}/api/log/search`, searchQuery(query)),
  /** @param before the cursor from the previous page */
  audit: (query: AuditFilter & { before?: string | undefined }) => withQuery(`${base}/api/audit`, query),
  auditCsv: (query: AuditFilter) => withQuery(`${base}/api/audit.csv`, query),
})

/** Those of a server at the root of its host, as servers see them. */
export const paths = /* @__PURE__ */ pathsBelow('')

/** An offset may be 0, which is not empty. */
const numeral = (value: number | undefined) => (value === undefined ? undefined : String(value))

const searchQuery = ({ text, regex, matchCase, ...rest }: LogSearch) => ({
  q: text,
  regex: regex ? 'true' : undefined,
  case: matchCase ? 'true' : undefined,
  ...rest,
})

/** Leaves out empty values. */
function withQuery(path: string, query: Readonly<Record<string, string | number | undefined>>): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value) search.set(name, String(value))
  return search.size > 0 ? `${path}?${search}` : path
}

/** The body of every answer that is not 2xx. */
export const ApiError = z.object({ error: Failure })
export type ApiError = z.infer<typeof ApiError>

export const ServerList = z.object({
  servers: z.array(Server),
  /** Projects whose servers could not be listed. */
  missing: z.array(z.object({ where: z.string(), failure: Failure })),
})
export type ServerList = z.infer<typeof ServerList>

/** As much as every page needs. `DescribedDetail` has the rest of the answer. */
export const ServerDetail = z.object({ server: Server })
export type ServerDetail = z.infer<typeof ServerDetail>

export const PowerRequest = z.object({ action: PowerAction })
export type PowerRequest = z.infer<typeof PowerRequest>

/** Where preferences are kept: in each browser where nobody signs in, else by user, until a restart or longer. */
const PreferencesPlace = z.enum(['browser', 'memory', 'disk'])

/** What the page must know about this installation before it shows anything. */
export const About = z.object({
  /** The cloud's name, e.g. "Sandbox" or "bms.eu-de.example.com" */
  cloud: z.string(),
  sandbox: z.boolean(),
  version: z.string(),
  recordings: RecordingMode,
  /** Whether lines can be watched: held open with nobody there */
  watch: z.boolean(),
  /** Whether what servers print is kept */
  log: z.boolean(),
  preferences: PreferencesPlace,
  power: z._default(PowerTraits, { forced: false, nmi: false }),
})
export type About = z.infer<typeof About>

/**
 * How the line takes a magic SysRq. A web gateway cannot send a BREAK, so this works only with a kernel built with
 * CONFIG_MAGIC_SYSRQ_SERIAL_SEQUENCE: the page types the sequence, then the command key.
 * https://docs.kernel.org/admin-guide/sysrq.html
 */
const SysRq = z.nullable(z.object({ sequence: z.string() }))

/** What a page says of itself when it asks for a console. Other programs may leave it out. */
export const IssueRequest = z.object({
  /** A secret of the browser's tab */
  client: z.string().check(z.regex(/^[\w-]{16,64}$/)),
  /** Answer `in-use` where a direct line would meet the one that another page was given a link to. */
  ask: z.boolean(),
  relayOnly: z.optional(RelayOnly),
})
export type IssueRequest = z.infer<typeof IssueRequest>

/** The page has closed its direct line. */
export const ReleaseRequest = z.object({ client: IssueRequest.shape.client })

/**
 * An issued console. `direct` carries the gateway's tokenized URL. That is a password: it stays in memory and is never
 * shown. `relay` carries a one-use ticket for our relay, and the gateway's token stays on the server.
 */
export const IssuedConsole = z.discriminatedUnion('transport', [
  z.object({
    transport: z.literal('direct'),
    url: z.string(),
    /** How long the gateway accepts new connections. */
    expiresInMs: z.number(),
    sysrq: SysRq,
    /** Why this server cannot reach the gateway itself: a `WayFault`. Absent: lines are always direct here. */
    unreached: z.optional(z.string()),
  }),
  z.object({
    transport: z.literal('relay'),
    session: z.string(),
    ticket: z.string(),
    /** How long the ticket is good. */
    expiresInMs: z.number(),
    sysrq: SysRq,
  }),
])
export type IssuedConsole = z.infer<typeof IssuedConsole>
