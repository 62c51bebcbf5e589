import type { EmbedCheck } from '../shared/embed.ts'
import type { ConsoleTroubleDetail } from './types.ts'

/** Why there is no console, with the facts that its words need. */
export type Trouble =
  | { reason: 'not-configured'; attribute: 'src' | 'server' }
  | { reason: 'mixed-content' | 'unreachable' | 'not-a-console'; src: string }
  | { reason: 'page-policy'; src: string; directive: string }
  | { reason: 'embedding-off' | 'not-allowed' | 'no-answer'; src: string; page: string }
  | { reason: 'no-ticket'; detail: string }

/** The words for a trouble: what is wrong, and which setting changes it. */
export function troubleWords(trouble: Trouble): ConsoleTroubleDetail {
  const { reason } = trouble
  switch (reason) {
    case 'not-configured':
      return {
        reason,
        title: 'The console is not configured',
        next:
          trouble.attribute === 'src'
            ? 'Set the attribute src of <bms-console> to the console’s address, e.g. https://console.example.com.'
            : 'Set the attribute server of <bms-console> to the id of a server.',
      }
    case 'mixed-content':
      return {
        reason,
        title: 'The browser blocks the console',
        next: `This page is loaded over https and cannot show ${trouble.src}. Serve the console over https, and change src.`,
      }
    case 'page-policy':
      return {
        reason,
        title: 'This page’s policy blocks the console',
        next: `Add ${trouble.src} to ${trouble.directive} in this page’s Content-Security-Policy.`,
      }
    case 'unreachable':
      return {
        reason,
        title: "Can't reach the console",
        next: `${trouble.src} does not answer this browser. Check that it runs, that its certificate is trusted, and that connect-src in this page’s Content-Security-Policy allows it.`,
      }
    case 'not-a-console':
      return {
        reason,
        title: 'No BMS Console at this address',
        next: `${trouble.src} answers, but not as a BMS Console that can be embedded. Check src, its version, and BMS_CONSOLE_PUBLIC_ORIGINS there.`,
      }
    case 'embedding-off':
      return {
        reason,
        title: 'Embedding is turned off',
        next: `Set BMS_CONSOLE_EMBED_ORIGINS=${trouble.page} at ${trouble.src}, and restart it.`,
      }
    case 'not-allowed':
      return {
        reason,
        title: 'This page is not allowed to embed the console',
        next: `Add ${trouble.page} to BMS_CONSOLE_EMBED_ORIGINS at ${trouble.src}, and restart it.`,
      }
    case 'no-answer':
      return {
        reason,
        title: "The console didn't start",
        next: `${trouble.page} may embed ${trouble.src}, but nothing came from it. If this page is itself in a frame, add the outer page to BMS_CONSOLE_EMBED_ORIGINS, too; a proxy in front of the console must not add X-Frame-Options or frame-ancestors.`,
      }
    case 'no-ticket':
      return { reason, title: 'No ticket for the console', next: trouble.detail }
  }
}

/** Finds out from the server's answer why a frame stayed silent. @param page the host page's origin */
export function judge(check: EmbedCheck, src: string, page: string): Trouble {
  if (!check.enabled) return { reason: 'embedding-off', src, page }
  return { reason: check.allowed ? 'no-answer' : 'not-allowed', src, page }
}

/** The console's origin and the path below which it is served, without a slash at its end. Null: `src` names neither */
export function consoleAddress(src: string | null): string | null {
  if (!src || !URL.canParse(src)) return null
  const { protocol, origin, pathname } = new URL(src)
  return protocol === 'https:' || protocol === 'http:' ? origin + pathname.replace(/\/+$/, '') : null
}

/**
 * Whether a browser refuses the frame because of its scheme alone. It trusts loopback without https.
 * https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy
 */
export function isMixedContent(page: string, origin: string): boolean {
  const { protocol, hostname } = new URL(origin)
  const loopback = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
  return page.startsWith('https:') && protocol === 'http:' && !loopback
}
