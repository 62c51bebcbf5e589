import { readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { EmbedSettings } from '../../shared/embed.ts'
import { fail } from '../http-errors.ts'

export interface PageOptions {
  /** What the pages may load, by the Content Security Policy */
  directives: Record<string, readonly string[]>
  /** Of the pages that may embed a console; none: embedding is off. */
  embedOrigins: readonly string[]
}

/** The built page: hashed assets for ever, `index.html` for every route of the page, so that deep links work. */
export async function servePage(app: FastifyInstance, root: string, options: PageOptions): Promise<void> {
  await app.register(fastifyStatic, {
    root,
    wildcard: false,
    cacheControl: false,
    // Not as it lies there: it is served with its settings, below.
    globIgnore: [EMBED_PAGE],
    setHeaders(reply, path) {
      reply.header(
        'cache-control',
        path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      )
      if (relative(root, path).startsWith(`sdk${sep}`)) openToAll(reply)
    },
  })
  serveEmbedPage(app, root, options)
  app.setNotFoundHandler((request, reply) => {
    const wantsPage =
      request.method === 'GET' &&
      !request.url.startsWith('/api/') &&
      !request.url.startsWith('/assets/') &&
      !request.url.startsWith('/sdk/') &&
      (request.headers.accept ?? '').includes('text/html')
    if (wantsPage) return reply.sendFile('index.html')
    return fail(reply, 404, 'bad-request', 'There is no such route.')
  })
}

/** The SDK is for pages of other origins, which load it as a module: by CORS, and without our cookies. */
function openToAll(reply: FastifyReply): void {
  reply.header('access-control-allow-origin', '*')
  reply.header('cross-origin-resource-policy', 'cross-origin')
}

const EMBED_PAGE = 'embed.html'

/**
 * The page to embed, for the configured pages alone. With embedding off it is served, too, and says so to whoever opens
 * it by itself.
 */
function serveEmbedPage(app: FastifyInstance, root: string, { directives, embedOrigins }: PageOptions): void {
  const off = embedOrigins.length === 0
  const built = readIfThere(join(root, EMBED_PAGE))
  const page = built === null ? null : withSettings(built, { origins: [...embedOrigins] })
  const options = {
    schema: { hide: true },
    helmet: {
      contentSecurityPolicy: {
        useDefaults: false,
        directives: { ...directives, frameAncestors: off ? ["'none'"] : [...embedOrigins] },
      },
      // It can name no origin: where it is not left out it would contradict the above.
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

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** In the place that the page has for them, or at the end of its head. */
function withSettings(html: string, settings: EmbedSettings): string {
  // Within a script nothing but `<` can end it, or begin a comment: https://html.spec.whatwg.org/#restrictions-for-contents-of-script-elements
  const json = JSON.stringify(settings).replaceAll('<', '\\u003c')
  const script = `<script type="application/json" id="embed-settings">${json}</script>`
  const place = /<script\b[^>]*\bid="embed-settings"[^>]*>[\s\S]*?<\/script>/
  // By functions: in a text `$&` and its like would be read as what was found.
  return place.test(html)
    ? html.replace(place, () => script)
    : html.replace('</head>', () => `${script}</head>`)
}
