import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Certificate } from '../outbound/certificates.ts'
import { replaced, snippetOf, startListening } from './snippet.ts'

/** What the files in `deploy` call the server, where it has a host of its own, and where it is below a path of one */
export const proxiedNames = { own: 'console.example.com', below: 'ops.example.com' }
export type Placing = keyof typeof proxiedNames

export const proxyKinds = ['nginx', 'haproxy', 'caddy'] as const
export type ProxyKind = (typeof proxyKinds)[number]

/** A proxy's files, and what a test changes in them: ports, addresses, paths and certificates */
interface Kind {
  files: Record<Placing, string>
  settle(snippet: string, place: Place): string
  command(dir: string): [string, ...string[]]
}

interface Place {
  dir: string
  /** host:port of BMS Console */
  upstream: string
  tlsPort: number
  plainPort: number
}

const kinds: Record<ProxyKind, Kind> = {
  nginx: {
    files: { own: 'nginx/bms-console.conf', below: 'nginx/below-a-path.conf' },
    settle: (snippet, { dir, upstream, tlsPort, plainPort }) => `
      daemon off; master_process off; pid ${dir}/pid; error_log stderr;
      events {}
      http {
        access_log off;
        ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((what) => `${what}_temp_path ${dir}/${what};`).join(' ')}
        # Distributions have this on.
        gzip on;
        ${replaced(snippet, [
          [/listen 443/, `listen 127.0.0.1:${tlsPort}`],
          [/listen \[::\]:443.*;/, ''],
          [/listen 80;/, `listen 127.0.0.1:${plainPort};`],
          [/listen \[::\]:80;/, ''],
          [/\/etc\/ssl\/\w+\.example\.com/g, dir],
          [/127\.0\.0\.1:8080/, upstream],
        ])}
      }`,
    command: (dir) => ['nginx', '-p', dir, '-c', join(dir, 'config')],
  },
  haproxy: {
    files: { own: 'haproxy/haproxy.cfg', below: 'haproxy/below-a-path.cfg' },
    settle: (snippet, { dir, upstream, tlsPort, plainPort }) =>
      replaced(snippet, [
        [/bind :::443 v4v6/, `bind 127.0.0.1:${tlsPort}`],
        [/bind :::80 v4v6/, `bind 127.0.0.1:${plainPort}`],
        [/\/etc\/haproxy\/certs\/\w+\.example\.com\.pem/, join(dir, 'both.pem')],
        [/127\.0\.0\.1:8080/, upstream],
      ]),
    command: (dir) => ['haproxy', '-db', '-f', join(dir, 'config')],
  },
  caddy: {
    files: { own: 'caddy/Caddyfile', below: 'caddy/below-a-path.Caddyfile' },
    settle: (snippet, { dir, upstream, tlsPort, plainPort }) => `{
        admin off
        http_port ${plainPort}
        https_port ${tlsPort}
        default_bind 127.0.0.1
      }
      ${replaced(snippet, [
        [/\/etc\/ssl\/\w+\.example\.com/g, dir],
        [/127\.0\.0\.1:8080/, upstream],
      ])}`,
    // It keeps what it likes in folders of its own.
    command: (dir) => [
      ...(['env', `XDG_DATA_HOME=${dir}`, `XDG_CONFIG_HOME=${dir}`, 'caddy'] as const),
      ...['run', '--adapter', 'caddyfile', '--config', join(dir, 'config')],
    ],
  },
}

/**
 * Starts a proxy with its file of `deploy`, until the test ends.
 * @param others host:port of what else is at the host, where BMS Console is below a path
 */
export async function startReverseProxy(
  kind: ProxyKind,
  placing: Placing,
  { certificate, others, ...ports }: Omit<Place, 'dir'> & { certificate: Certificate; others: string },
): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), `${kind}-`))
  const { files, settle, command } = kinds[kind]
  writeFileSync(join(dir, 'fullchain.pem'), certificate.cert)
  writeFileSync(join(dir, 'privkey.pem'), certificate.key)
  writeFileSync(join(dir, 'both.pem'), certificate.cert + certificate.key)
  writeFileSync(
    join(dir, 'config'),
    settle(snippetOf(files[placing]).replace('127.0.0.1:3000', others), { dir, ...ports }),
  )
  const [program, ...args] = command(dir)
  const stop = await startListening(program, args, ports.tlsPort)
  onTestFinished(async () => {
    await stop()
    rmSync(dir, { recursive: true })
  })
}
