// The portal's backend: it knows its user, decides what they may open, and signs a ticket for it.
import { createPrivateKey, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { SignJWT } from 'jose'

const { CONSOLE_ORIGIN = 'http://127.0.0.1:8080', PORTAL_KEY_FILE = 'portal.key' } = process.env
const { HOST = 'localhost', PORT = '9090' } = process.env
const key = createPrivateKey(readFileSync(PORTAL_KEY_FILE))
const page = (name) => readFileSync(new URL(`page/${name}`, import.meta.url), 'utf8')
const servers = JSON.parse(page('servers.json'))

// Replace this with yours: who is signed in at the portal, and what they may do with a server.
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
  'content-security-policy': `default-src 'self'; img-src data:; script-src 'self' ${CONSOLE_ORIGIN}; frame-src ${CONSOLE_ORIGIN}; connect-src 'self' ${CONSOLE_ORIGIN}`,
}
const types = { html: 'text/html', js: 'text/javascript', css: 'text/css', json: 'application/json' }
const files = ['index.html', 'portal.js', 'portal.css', 'servers.json']

const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://portal')
  const answer = (status, type, body) =>
    response.writeHead(status, { ...headers, 'content-type': `${type}; charset=utf-8` }).end(body)
  if (request.method === 'POST' && pathname === '/ticket') {
    // Only this page gets a ticket. Requests from other sites are refused, with or without the user's cookie.
    if (request.headers['sec-fetch-site'] !== 'same-origin') return answer(403, 'text/plain', 'Not from here')
    const user = signedIn(request)
    const role = roleFor(user, searchParams.get('server'))
    if (!role) return answer(403, 'text/plain', 'You may not open this server')
    return answer(200, 'text/plain', await ticket(user, searchParams.get('server'), role))
  }
  const name = pathname === '/' ? 'index.html' : pathname.slice(1)
  if (!files.includes(name)) return answer(404, 'text/plain', 'Not found')
  return answer(200, types[name.split('.')[1]], page(name).replaceAll('{{console}}', CONSOLE_ORIGIN))
})
server.listen(Number(PORT), HOST, () => console.log(`\n  The portal: http://${HOST}:${PORT}\n`))
