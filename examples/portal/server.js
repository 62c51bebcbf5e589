// The portal's backend: it knows its user, decides what they may open, and signs a ticket for it.
import { createPrivateKey, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { SignJWT } from 'jose'

const {
  CONSOLE_ORIGIN = 'http://127.0.0.1:8080',
  PORT = '9090',
  PORTAL_KEY_FILE = 'portal.key',
} = process.env
const key = createPrivateKey(readFileSync(PORTAL_KEY_FILE))
const page = (name) => readFileSync(new URL(`page/${name}`, import.meta.url), 'utf8')
const servers = JSON.parse(page('servers.json'))

// Yours: whoever is signed in at the portal, and what they may do with a server.
const signedIn = (_request) => ({ id: 'u-1042', name: 'Erin Example' })
const roleFor = (_user, server) => servers.find(({ id }) => id === server)?.role

const ticket = (user, server, role) =>
  new SignJWT({ name: user.name, server, role, jti: randomUUID() })
    .setProtectedHeader({ alg: 'EdDSA' })
    .setSubject(user.id)
    .setAudience(CONSOLE_ORIGIN)
    .setIssuedAt()
    .setExpirationTime('60s')
    .sign(key)

const headers = {
  'cache-control': 'no-store',
  'content-security-policy': `default-src 'self'; script-src 'self' ${CONSOLE_ORIGIN}; frame-src ${CONSOLE_ORIGIN}; connect-src 'self' ${CONSOLE_ORIGIN}`,
}
const types = { html: 'text/html', js: 'text/javascript', css: 'text/css', json: 'application/json' }

createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://portal')
  const answer = (status, type, body) =>
    response.writeHead(status, { ...headers, 'content-type': type }).end(body)
  if (request.method === 'POST' && pathname === '/ticket') {
    // A ticket is for this page only: a request from another site is refused, cookie or not.
    if (request.headers['sec-fetch-site'] !== 'same-origin')
      return answer(403, 'text/plain', 'Not from this page')
    const [user, server] = [signedIn(request), searchParams.get('server')]
    const role = roleFor(user, server)
    if (!role) return answer(403, 'text/plain', 'You may not open this server')
    return answer(200, 'text/plain', await ticket(user, server, role))
  }
  const [, name = 'index.html'] =
    pathname.match(/^\/(index\.html|portal\.js|portal\.css|servers\.json)$/) ??
    (pathname === '/' ? [''] : ['', ''])
  if (!name) return answer(404, 'text/plain', 'Not found')
  return answer(
    200,
    `${types[name.split('.')[1]]}; charset=utf-8`,
    page(name).replaceAll('{{console}}', CONSOLE_ORIGIN),
  )
}).listen(Number(PORT), process.env.HOST ?? 'localhost', () =>
  console.log(`\n  The portal: http://localhost:${PORT}\n`),
)
