// Runs the whole example: makes the portal's key, starts the console, then the portal.
import { spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const [keyFile, publicKeyFile] = [here('portal.key'), here('portal.pub')]

if (!existsSync(keyFile)) {
  // The same as `openssl genpkey -algorithm ed25519`. Only the portal's backend may read it.
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  writeFileSync(publicKeyFile, publicKey.export({ type: 'spki', format: 'pem' }))
}

const { CONSOLE_PORT = '8080', PORTAL_PORT = '9090' } = process.env
// Two origins on two sites, so that the browser separates them as it would in production.
const consoleOrigin = `http://127.0.0.1:${CONSOLE_PORT}`
const portalOrigin = `http://localhost:${PORTAL_PORT}`

const start = (script, env) =>
  spawn(process.execPath, [here(script)], { stdio: 'inherit', env: { ...process.env, ...env } })
const started = [
  start('../../dist/server/main.js', {
    BMS_CONSOLE_PORT: CONSOLE_PORT,
    BMS_CONSOLE_PUBLIC_ORIGINS: consoleOrigin,
    BMS_CONSOLE_TRANSPORT: 'relay',
    BMS_CONSOLE_EMBED_ORIGINS: portalOrigin,
    BMS_CONSOLE_LAUNCH_KEY_FILE: publicKeyFile,
  }),
  start('server.js', { PORT: PORTAL_PORT, CONSOLE_ORIGIN: consoleOrigin, PORTAL_KEY_FILE: keyFile }),
]

const stop = () => {
  for (const child of started) child.kill()
}
for (const child of started) child.once('exit', stop)
process.once('SIGINT', stop)
process.once('SIGTERM', stop)
