import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { replaced, snippetOf, startListening } from './snippet.ts'

/**
 * HAProxy in front of replicas, with its file of `deploy`, but without TLS: a browser on loopback needs none. It gives
 * each request to the replica with the fewest connections, whoever asks.
 * @param port where it listens
 * @param replicas host:port of each
 * @returns ends it
 */
export async function startBalancer(port: number, replicas: readonly string[]): Promise<() => Promise<void>> {
  const dir = mkdtempSync(join(tmpdir(), 'balancer-'))
  const servers = replicas.map((at, index) => `    server replica-${index + 1} ${at}`).join('\n')
  const config = replaced(snippetOf('haproxy/replicas.cfg'), [
    [/bind :::80 v4v6/, `bind 127.0.0.1:${port}`],
    [/ +bind :::443.*\n/, ''],
    [/ +http-request redirect.*\n/, ''],
    // Where nobody signs in, a server on loopback serves nobody who comes from elsewhere.
    [/ +http-request set-header X-Forwarded-For.*\n/, ''],
    // Who tests is also the proxy that authenticates.
    [/ +http-request del-header X-Forwarded-User\n/, ''],
    [/ +http-request del-header X-Forwarded-Groups\n/, ''],
    [/ +server replica-1.*\n/, ''],
    [/ +server replica-2.*/, servers],
  ])
  writeFileSync(join(dir, 'config'), config)
  const stop = await startListening('haproxy', ['-db', '-f', join(dir, 'config')], port)
  return async () => {
    await stop()
    rmSync(dir, { recursive: true })
  }
}
