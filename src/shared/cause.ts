import * as z from 'zod/mini'

/**
 * Why something did not work, in one word that server and page share.
 *
 * The code that knows the fact chooses the cause: the cloud's client, the relay, or the browser's transport. Nothing
 * downstream guesses again. The page has words and a next step for each cause in every language (`src/web/locales`),
 * and a cause without words does not compile.
 */
const causes = [
  // The cloud's answer
  'bad-request',
  'signed-out',
  'no-permission',
  'server-not-found',
  'server-not-ready',
  'server-not-running',
  'server-busy',
  'unsupported-os',
  'no-serial-console',
  'throttled',
  'cloud-timeout',
  'cloud-unreachable',
  'cloud-error',
  'no-endpoint',
  'list-incomplete',
  'answer-too-long',
  'console-url-refused',
  // The line
  'gateway-unreachable',
  'gateway-not-encrypted',
  'gateway-forbidden',
  'gateway-hung-up',
  'origin-doubtful',
  'origin-refused',
  'gateway-closed',
  'gateway-silent',
  'network-lost',
  'relay-silent',
  'taken-over',
  'in-use',
  'idle-limit',
  'time-limit',
  'session-limit',
  'user-limit',
  'viewer-limit',
  'operator-ended',
  'no-viewer',
  'ticket-refused',
  'protocol-error',
  'page-outdated',
  // Lines' logs, recordings and the audit log
  'log-off',
  'boot-not-found',
  'recordings-off',
  'recording-not-found',
  'recording-under-way',
  'recording-kept',
  'recording-limit',
  'recordings-busy',
  'audit-off',
  // Who asks
  'sign-in-needed',
  'sign-in-throttled',
  'sign-in-failed',
  'credentials-refused',
  'code-needed',
  'no-role',
  'no-project',
  'role-forbids',
  // Embedding
  'launch-refused',
  'embed-off',
  // Our own proxy
  'proxy-unreachable',
  'proxy-restarting',
  'proxy-restarted',
  'line-moved',
  'store-unreachable',
  'too-many-requests',
  'overloaded',
  'proxy-error',
] as const

export const Cause = z.enum(causes)
export type Cause = z.infer<typeof Cause>

/**
 * Whether the console tries again by itself, with a fresh URL. The others wait for a person: asking every second does
 * not turn a refusal into a permission.
 */
export const retriesByItself: Readonly<Record<Cause, boolean>> = {
  'bad-request': false,
  'signed-out': false,
  'no-permission': false,
  'server-not-found': false,
  'server-not-ready': true,
  'server-not-running': true,
  'server-busy': false,
  'unsupported-os': false,
  'no-serial-console': false,
  throttled: true,
  'cloud-timeout': true,
  'cloud-unreachable': true,
  'cloud-error': true,
  'no-endpoint': false,
  'list-incomplete': true,
  'answer-too-long': false,
  'console-url-refused': false,
  'gateway-unreachable': true,
  'gateway-not-encrypted': false,
  'gateway-forbidden': false,
  'gateway-hung-up': true,
  'origin-doubtful': true,
  'origin-refused': false,
  'gateway-closed': true,
  'gateway-silent': true,
  'network-lost': true,
  'relay-silent': true,
  'taken-over': false,
  'in-use': false,
  'idle-limit': false,
  'time-limit': false,
  // Another viewer or console must go first. A person decides whether to wait.
  'session-limit': false,
  'user-limit': false,
  'viewer-limit': false,
  'operator-ended': false,
  'no-viewer': false,
  'ticket-refused': true,
  'protocol-error': false,
  'page-outdated': false,
  'log-off': false,
  'boot-not-found': false,
  'recordings-off': false,
  'recording-not-found': false,
  'recording-under-way': false,
  'recording-kept': false,
  'recording-limit': false,
  'recordings-busy': false,
  'audit-off': false,
  'sign-in-needed': false,
  'sign-in-throttled': false,
  'sign-in-failed': false,
  'credentials-refused': false,
  'code-needed': false,
  'no-role': false,
  'no-project': false,
  'role-forbids': false,
  'launch-refused': false,
  'embed-off': false,
  'proxy-unreachable': true,
  'proxy-restarting': true,
  'proxy-restarted': true,
  'line-moved': true,
  'store-unreachable': true,
  'too-many-requests': true,
  overloaded: true,
  'proxy-error': true,
}

/** What was wrong on the way from this server to a cloud or a gateway. `src/web/locales/en-way.ts` has its words. */
export type WayFault =
  | 'certificate-unknown'
  | 'certificate-expired'
  | 'certificate-early'
  | 'certificate-name'
  | 'no-tls'
  | 'name-unknown'
  | 'refused'
  | 'no-route'
  | 'timeout'
  | 'proxy-credentials'
  | 'proxy-refused'
  | 'proxy-failed'
  | 'proxy-timeout'
  | 'proxy-unreachable'

/** A cause and what is known about it. `detail` is for an engineer and never holds a token. */
export const Failure = z.object({
  cause: Cause,
  /** One English sentence from where it happened, e.g. the cloud's own message */
  detail: z.optional(z.string()),
  /** A `WayFault`. A page that is older than the server may not know it, and says the cause alone. */
  fault: z.optional(z.string()),
  /** The cloud's own error code, e.g. `BMS.0033`. */
  code: z.optional(z.string()),
  /** The permission that is missing, as the cloud calls it, e.g. `bms:servers:serialConsole`. */
  permission: z.optional(z.string()),
  /** The cloud's request id, for its support desk. */
  requestId: z.optional(z.string()),
  /** Seconds to wait before another try, if the cloud said so */
  retryAfter: z.optional(z.number()),
  /** Another replica is ready. Pages that are told so come back within this time, ms, each at a moment of its own. */
  spreadMs: z.optional(z.number()),
  /** Who was given a link to a console that is in use, and how long ago, ms. `yours`: it was the asker. */
  inUseBy: z.optional(z.object({ name: z.string(), yours: z.boolean(), agoMs: z.number() })),
})
export type Failure = z.infer<typeof Failure>
