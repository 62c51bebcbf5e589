import { readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { EmbedSettings } from '../../shared/embed.ts'
import { fail } from '../http-errors.ts'

export interface PageOptions {
  /** The path below which all is served, or nothing */
  base: string
  /** The Content Security Policy of the pages */
  directives: Record<string, readonly string[]>
  /** The origins that may embed a console. Empty: embedding is off. */
  embedOrigins: readonly string[]
}

/** Serves the built page. Hashed assets are cached for ever; every route of the page gets `index.html`, for deep links. */
export async function servePage(app: FastifyInstance, root: string, options: PageOptions): Promise<void> {
  const start = options.base ? withBase(readFileSync(join(root, START_PAGE), 'utf8'), options.base) : null
  const sendStart = (reply: FastifyReply) =>
    start === null
      ? reply.sendFile(START_PAGE)
      : reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(start)
  await app.register(fastifyStatic, {
    root,
    wildcard: false,
    cacheControl: false,
    // The build puts them beside larger assets. They are no pages of their own.
    preCompressed: true,
    // The page to embed is served with its settings, below.
    globIgnore: ['**/*.br', '**/*.gz', EMBED_PAGE, ...(start === null ? [] : [START_PAGE])],
    setHeaders(reply, path) {
      reply.header(
        'cache-control',
        path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      )
      if (relative(root, path).startsWith(`sdk${sep}`)) openToAll(reply)
    },
  })
  if (start !== null) app.get('/', { schema: { hide: true } }, (_request, reply) => sendStart(reply))
  serveEmbedPage(app, root, options)
  app.setNotFoundHandler((request, reply) => {
    const wantsPage =
      request.method === 'GET' &&
      !request.url.startsWith('/api/') &&
      !request.url.startsWith('/assets/') &&
      !request.url.startsWith('/sdk/') &&
      (request.headers.accept ?? '').includes('text/html')
    if (wantsPage) return sendStart(reply)
    return fail(reply, 404, 'bad-request', 'There is no such route.')
  })
}

/** Pages of other origins load the SDK as a module, by CORS and without our cookies. */
function openToAll(reply: FastifyReply): void {
  reply.header('access-control-allow-origin', '*')
  reply.header('cross-origin-resource-policy', 'cross-origin')
}

const START_PAGE = 'index.html'
const EMBED_PAGE = 'embed.html'

/**
 * Serves the page to embed, for the configured pages alone. With embedding off, it tells the person who opens it so.
 */
function serveEmbedPage(
  app: FastifyInstance,
  root: string,
  { base, directives, embedOrigins }: PageOptions,
): void {
  const off = embedOrigins.length === 0
  const built = readIfThere(join(root, EMBED_PAGE))
  const page = built === null ? null : withSettings(withBase(built, base), { origins: [...embedOrigins] })
  const options = {
    schema: { hide: true },
    helmet: {
      contentSecurityPolicy: {
        useDefaults: false,
        directives: { ...directives, frameAncestors: off ? ["'none'"] : [...embedOrigins] },
      },
      // This header can name no origin, so it would contradict the above.
      ...(off ? {} : { frameguard: false }),
    },
  } as const
  for (const path of ['/embed', '/embed/*']) {
    app.get(path, options, (_request, reply) => {
      if (page === null) return fail(reply, 404, 'embed-off', 'This build has no page to embed.')
      return reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(page)
    })
  }
}

/**
 * Tells the page its path, and leads its links there. The page cannot do it by a `<base>`, which its policy forbids.
 * @param base as `BasePath` lets it in: nothing in it needs to be escaped
 */
function withBase(html: string, base: string): string {
  if (!base) return html
  return html
    .replace('<html', () => `<html data-base="${base}"`)
    .replace(/\b(href|src)="\/(?!\/)/g, (_all, name: string) => `${name}="${base}/`)
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** Puts them into the page's place for them, or at the end of its head. */
function withSettings(html: string, settings: EmbedSettings): string {
  // Within a script nothing but `<` can end it, or begin a comment: https://html.spec.whatwg.org/#restrictions-for-contents-of-script-elements
  const json = JSON.stringify(settings).replaceAll('<', '\\u003c')
  const script = `<script type="application/json" id="embed-settings">${json}</script>`
  const place = /<script\b[^>]*\bid="embed-settings"[^>]*>[\s\S]*?<\/script>/
  // The replacement is a function, since a text would have `$&` and its like replaced.
  return place.test(html)
    ? html.replace(place, () => script)
    : html.replace('</head>', () => `${script}</head>`)
}
