import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { killTied, spawnTied } from '../../sandbox/machines/tied-process.ts'

/** A proxy's file, as `deploy` has it */
export const snippetOf = (file: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../deploy/${file}`, import.meta.url)), 'utf8')

/** A snippet that no longer has what a test changes would be started as it is. */
export function replaced(snippet: string, changes: readonly [what: RegExp, by: string][]): string {
  return changes.reduce((text, [what, by]) => {
    if (!what.test(text)) throw new Error(`${what} is not in the snippet`)
    return text.replace(what, () => by)
  }, snippet)
}

/**
 * Starts a proxy, until it listens.
 * @returns ends it
 */
export async function startListening(
  program: string,
  args: readonly string[],
  port: number,
): Promise<() => Promise<void>> {
  const tied = spawnTied(program, args)
  let said = ''
  let ended = false
  for (const output of [tied.stdout, tied.stderr])
    output.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString('utf8')).slice(-4_000)
    })
  tied.child.once('exit', () => {
    ended = true
  })
  // None of them tells in the same way that it listens.
  while (!(await listens(port))) {
    if (ended) throw new Error(`${program} ended: ${said}`)
    await sleep(20)
  }
  return () => killTied(tied)
}

function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  return new Promise((resolve) => {
    const done = (yes: boolean) => {
      socket.destroy()
      resolve(yes)
    }
    socket.once('connect', () => done(true))
    socket.once('error', () => done(false))
  })
}
