import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'

/** A web server on a port of its own. */
export interface Site {
  origin: string
  close: () => Promise<void>
}

type Handler = (request: IncomingMessage, response: ServerResponse, pathname: string) => void | Promise<void>

/** @param host the name that browsers ask for: `localhost` and `127.0.0.1` are two sites, as two domains are */
export async function serve(host: 'localhost' | '127.0.0.1', handle: Handler): Promise<Site> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://site')
    void Promise.resolve(handle(request, response, pathname)).catch(() => response.writeHead(500).end())
  })
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://${host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** A page of a portal: what is in its body, and the policy that it is served with. */
export async function servePortalPage(page: { html: string; csp?: string }): Promise<Site> {
  return serve('localhost', (_request, response, pathname) => {
    if (pathname !== '/') return void response.writeHead(404).end()
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      ...(page.csp ? { 'content-security-policy': page.csp } : {}),
    })
    response.end(
      `<!doctype html><html lang="en"><title>Portal</title><link rel="icon" href="data:,">${page.html}`,
    )
  })
}

const built = (name: string) => fileURLToPath(new URL(`../../dist/web/sdk/${name}`, import.meta.url))

export interface FakeConsole {
  /** What `GET /api/embed/check` answers; null: it has no such route */
  check: { enabled: boolean; allowed: boolean } | null
  /** Headers of the page to embed */
  headers: Record<string, string>
}

/** A console that only speaks the contract, for what a real one does not do on demand. */
export async function serveFakeConsole(fake: FakeConsole): Promise<Site> {
  return serve('127.0.0.1', async (_request, response, pathname) => {
    const open = { 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' }
    if (pathname.startsWith('/sdk/')) {
      const script = await readFile(built(pathname.slice('/sdk/'.length)))
      response.writeHead(200, { ...open, 'content-type': 'text/javascript' }).end(script)
    } else if (pathname === '/api/embed/check' && fake.check) {
      response.writeHead(200, { ...open, 'content-type': 'application/json' }).end(JSON.stringify(fake.check))
    } else if (pathname.startsWith('/embed/')) {
      response.writeHead(200, { 'content-type': 'text/html', ...fake.headers }).end(fakePage)
    } else response.writeHead(404, open).end('Not found')
  })
}

/** Answers `hello`, and writes down the commands, which tests read in the frame. */
const fakePage = `<!doctype html><title>Console</title><ol></ol><script>
  addEventListener('message', ({ data, source, origin }) => {
    const tell = (message) => source.postMessage({ channel: 'bms-console', version: 1, ...message }, origin)
    if (data.type === 'hello') tell({ type: 'ready' })
    const item = document.createElement('li')
    item.textContent = [data.type, data.ticket ?? data.theme ?? data.fontSize ?? data.text].filter(Boolean).join(' ')
    document.querySelector('ol').append(item)
  })
</script>`
