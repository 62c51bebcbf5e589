import helmet from '@fastify/helmet'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Config } from './config.ts'
import { gatewayCspSources } from './consoles/gateway-url.ts'
import { givesLinks } from './consoles/transport-choice.ts'
import { isStrictOrigin } from './origins.ts'

/** A Content Security Policy: sources by directive, in camel case as helmet wants them. */
export type Directives = Record<string, readonly string[]>

/** What no page of ours uses. The clipboard and the full screen are left as the browser has them. */
const PERMISSIONS = [
  'accelerometer',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'hid',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'publickey-credentials-get',
  'serial',
  'usb',
]
  .map((feature) => `${feature}=()`)
  .join(', ')

/** Answers that no hook of the application sees: to a request that is not HTTP, or whose path cannot be decoded. */
export const bareHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'permissions-policy': PERMISSIONS,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** The policy of our pages. */
export function pageDirectives({ console, recordings }: Pick<Config, 'console' | 'recordings'>): Directives {
  return {
    defaultSrc: ["'none'"],
    // The player of recordings compiles its terminal, which is WebAssembly. That lets no script in.
    scriptSrc: ["'self'", ...(recordings ? ["'wasm-unsafe-eval'"] : [])],
    // xterm's DOM renderer and Radix's scroll lock write style elements of their own.
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'"],
    connectSrc: ["'self'", ...(givesLinks(console) ? gatewayCspSources(console.gateways) : [])],
    manifestSrc: ["'self'"],
    // A worker reads the line. Its sockets are under `connect-src`, as the page's are.
    workerSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  }
}

/** The policy of the API's documentation: that of our pages, without the gateways. */
export const docsPolicy = (directives: Directives): string =>
  Object.entries({ ...directives, connectSrc: ["'self'"] })
    .map(([name, sources]) => `${kebab(name)} ${sources.join(' ')}`)
    .join('; ')

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** Every answer has these headers. Register it before any hook that may refuse a request. */
export async function secureHeaders(
  app: FastifyInstance,
  directives: Directives,
  publicOrigins: Config['publicOrigins'],
): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: Object.fromEntries(
        Object.entries(directives).map(([name, sources]) => [name, [...sources]]),
      ),
    },
    referrerPolicy: { policy: 'no-referrer' },
    frameguard: { action: 'deny' },
    // What is below our host's name is not ours to decide about.
    strictTransportSecurity: publicOrigins?.every(isStrictOrigin) ? { includeSubDomains: false } : false,
  })
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('permissions-policy', PERMISSIONS)
  })
}

/** For a reply that came past the hooks. */
export function addBareHeaders(reply: FastifyReply): void {
  reply.headers(bareHeaders)
}
