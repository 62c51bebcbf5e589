import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { createClient } from '@redis/client'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { freePort } from '../../../e2e/lab/tools.ts'
import { killTied, spawnTied } from '../../sandbox/machines/tied-process.ts'
import { isInstalled } from '../installed.ts'
import { textOf } from './files.ts'

const Compose = z.object({
  services: z.object({ valkey: z.object({ command: z.tuple([z.string()]) }) }),
})
/** Compose replaces variables, so a shell's own are written with two signs. */
const ofCompose = (): string =>
  Compose.parse(parseYaml(textOf('deploy/docker/replicas.yaml'))).services.valkey.command[0].replaceAll(
    '$$',
    '$',
  )
/** The template has nothing of Helm's in these lines. */
const ofChart = (): string => {
  const [, indented = ''] =
    /args:\n {12}- \|\n((?: {14}.*\n)+)/.exec(textOf('deploy/helm/bms-console/templates/valkey.yaml')) ?? []
  return indented.replace(/^ {14}/gm, '')
}

const heard = (output: Readable, text: string) =>
  new Promise<void>((resolve) => {
    let said = ''
    output.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8')
      if (said.includes(text)) resolve()
    })
  })

describe.skipIf(!isInstalled('redis-server')).each([
  ['compose', ofCompose],
  ['the chart', ofChart],
])('the store of %s', (_, script) => {
  it('asks for the password, keeps nothing on a disk, and throws nothing out', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'valkey-'))
    const port = await freePort()
    const place = script()
      .replace(/\/run\/secrets\/valkey(-|\/)password/, join(dir, 'password'))
      .replaceAll('/data', dir)
      .replace('exec valkey-server', `exec redis-server`)
      .replace(/\.conf$/m, `.conf --port ${port} --bind 127.0.0.1 --dir ${dir}`)
      .replace('$VALKEY_MEMORY', '100mb')
    writeFileSync(join(dir, 'password'), 'correct horse\n'.replace(' ', '-'))
    const tied = spawnTied('sh', ['-c', place])
    onTestFinished(async () => {
      await killTied(tied)
      rmSync(dir, { recursive: true })
    })
    const ready = Promise.race([heard(tied.stdout, 'Ready to accept'), once(tied.child, 'exit')])
    tied.stderr.resume()
    await ready

    const stranger = createClient({
      url: `redis://127.0.0.1:${port}`,
      socket: { reconnectStrategy: false },
    })
    stranger.on('error', () => {})
    await expect(stranger.connect()).rejects.toThrow(/NOAUTH/)
    const client = await createClient({ url: `redis://:correct-horse@127.0.0.1:${port}` }).connect()
    const settings = await client.configGet(['save', 'appendonly', 'maxmemory-policy'])
    expect(settings).toEqual({ save: '', appendonly: 'no', 'maxmemory-policy': 'noeviction' })
    client.destroy()

    // A signal reaches it, so its container ends at once.
    tied.child.kill('SIGTERM')
    const [code] = await once(tied.child, 'exit')
    expect(code).toBe(0)
  })
})
