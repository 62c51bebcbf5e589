import type { IncomingMessage } from 'node:http'
import { z } from 'zod'

const MAX_LENGTH = 200

/**
 * The path below which all is served, without a slash at its end; `/` is nothing. No character of it needs to be escaped,
 * in HTML, headers or addresses, and no two programs read it in two ways.
 */
export const BasePath = z
  .string()
  .trim()
  .max(MAX_LENGTH)
  .transform((path) => path.replace(/\/$/, ''))
  .refine((path) => path === '' || isBelowRoot(path))

function isBelowRoot(path: string): boolean {
  const [before, ...segments] = path.split('/')
  return (
    before === '' &&
    segments.every((segment) => /^[\w.~-]+$/.test(segment) && segment !== '.' && segment !== '..') &&
    // The probes are there.
    !['healthz', 'readyz'].includes(segments[0] ?? '')
  )
}

/** @returns a request's URL as seen from below the path; null: it is outside */
export function below(base: string, url: string): string | null {
  if (!url.startsWith(base)) return null
  const rest = url.slice(base.length)
  if (rest === '' || rest.startsWith('?')) return `/${rest}`
  return rest.startsWith('/') ? rest : null
}

/**
 * Options of Fastify that take the path off each request, WebSockets included. So routes, hooks and limits are the same
 * wherever this server is.
 */
export const belowPath = (base: string) =>
  base ? { rewriteUrl: ({ url = '/' }: IncomingMessage) => below(base, url) ?? url } : {}
