import { createInterface } from 'node:readline'
import { freePort } from '../../e2e/lab/tools.ts'
import { killTied, spawnTied } from '../sandbox/machines/tied-process.ts'

export interface TestRedis {
  url: string
  /** It stands still: connections stay, and nothing answers. */
  freeze(): void
  thaw(): void
  /** Ends it with all that it has, and starts an empty one at the same place. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** A real Redis on loopback, in memory only. */
export async function startRedis(): Promise<TestRedis> {
  const port = await freePort()
  let tied = await begin(port)
  const signal = (name: NodeJS.Signals) => tied.child.kill(name)
  return {
    url: `redis://127.0.0.1:${port}`,
    freeze: () => void signal('SIGSTOP'),
    thaw: () => void signal('SIGCONT'),
    async restart() {
      await killTied(tied)
      tied = await begin(port)
    },
    stop: () => killTied(tied),
  }
}

async function begin(port: number) {
  const args = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no']
  const tied = spawnTied('redis-server', args)
  tied.stderr.resume()
  let said = ''
  for await (const line of createInterface(tied.stdout)) {
    said += `${line}\n`
    if (line.includes('Ready to accept connections')) {
      tied.stdout.resume()
      return tied
    }
  }
  throw new Error(`redis-server did not start: ${said.trim()}`)
}
