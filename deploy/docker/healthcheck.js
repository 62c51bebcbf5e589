import { get as getPlain } from 'node:http'
import { get as getSecure } from 'node:https'

// Asks the server in this container whether it lives, and ends with 1 if not. The image has no curl, and needs none.

const {
  BMS_CONSOLE_HOST: host = '',
  BMS_CONSOLE_PORT: port = '8080',
  BMS_CONSOLE_TLS_CERT: cert,
} = process.env
const everywhere = ['', '0.0.0.0', '::'].includes(host)
// The certificate is for the public name, and this asks by address: it never leaves the container.
const [get, tls] = cert ? [getSecure, { rejectUnauthorized: false }] : [getPlain, {}]

get({ host: everywhere ? '127.0.0.1' : host, port, path: '/healthz', timeout: 4_000, ...tls }, (answer) => {
  process.exit(answer.statusCode === 200 ? 0 : 1)
})
  .on('timeout', () => process.exit(1))
  .on('error', () => process.exit(1))
