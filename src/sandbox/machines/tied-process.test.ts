import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { killTied, missingPackages, spawnTied } from './tied-process.ts'

const lack = missingPackages(['setpriv', 'mkfifo'])
if (lack.length > 0) console.warn(`tied-process.test.ts is skipped: it needs ${lack.join(', ')}`)

/** A program that has ended may stay as a zombie (Z) until its new parent looks after it. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

describe.skipIf(lack.length > 0)('a tied program', () => {
  it('ends with all that it forked, and once', async () => {
    const tied = spawnTied('sh', ['-c', 'sleep 600 & echo $!; wait'])
    const [line] = await once(tied.stdout, 'data')
    const forked = Number(String(line))
    expect(isAlive(forked)).toBe(true)
    await killTied(tied)
    await killTied(tied)
    expect(tied.child.signalCode).toBe('SIGKILL')
    await expect.poll(() => isAlive(forked)).toBe(false)
  })

  it('ends when the program that started it is killed', async () => {
    const parent = spawn(process.execPath, [
      ...['--import', 'tsx', '--input-type=module', '--eval'],
      `import { spawnTied } from ${JSON.stringify(new URL('./tied-process.ts', import.meta.url).href)}
       console.log(spawnTied('sleep', ['600']).child.pid)`,
    ])
    const [line] = await once(parent.stdout, 'data')
    const tied = Number(String(line))
    // setpriv ties itself first and then becomes the program.
    await expect.poll(() => readFileSync(`/proc/${tied}/comm`, 'utf8')).toBe('sleep\n')
    parent.kill('SIGKILL')
    await expect.poll(() => isAlive(tied)).toBe(false)
  })

  it('complains as a shell does when there is no such program', async () => {
    const { child } = spawnTied('no-such-program', [])
    const [code] = await once(child, 'exit')
    expect(code).toBe(127)
  })
})
