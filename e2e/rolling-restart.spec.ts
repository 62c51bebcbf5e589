import { fileURLToPath } from 'node:url'
import { test as base, expect, type Page } from '@playwright/test'
import { isInstalled } from '../src/testing/installed.ts'
import { startBalancer } from '../src/testing/proxies/balancer.ts'
import { startRedis } from '../src/testing/redis.ts'
import { ReplicaProcess } from '../src/testing/replicas/replica-process.ts'
import { makeReplicaProgram } from '../src/testing/replicas/replica-program.ts'
import { CountingMachine } from './faults/counting-machine.ts'
import { freePort } from './lab/tools.ts'
import { scrollback } from './scrollback.ts'

const webRoot = fileURLToPath(new URL('../dist/web', import.meta.url))

/** Two real processes behind HAProxy, which ties nobody to one of them */
interface Rolling {
  machine: CountingMachine
  origin: string
  /** The one that has the line */
  owner(): ReplicaProcess
}

const test = base.extend<{ rolling: Rolling }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from this pattern
  rolling: async ({}, use) => {
    const [program, redis, machine, port] = await Promise.all([
      makeReplicaProgram(),
      startRedis(),
      CountingMachine.start(),
      freePort(),
    ])
    await redis.age()
    const origin = `http://127.0.0.1:${port}`
    const begin = (name: string) =>
      ReplicaProcess.start({
        program,
        name,
        redisUrl: redis.url,
        gateway: machine.address,
        origins: [origin],
        env: { TEST_WEB_ROOT: webRoot },
      })
    const replicas = await Promise.all([begin('one'), begin('two')])
    const stop = await startBalancer(
      port,
      replicas.map((replica) => `127.0.0.1:${replica.port}`),
    )
    await use({
      machine,
      origin,
      owner() {
        const owner = replicas.find(({ name }) => name === machine.token)
        if (!owner) throw new Error(`No replica is called ${machine.token}.`)
        return owner
      },
    })
    await stop()
    for (const replica of replicas) await replica.kill()
    await machine.close()
    await redis.stop()
  },
})

test.skip(!isInstalled('redis-server') || !isInstalled('haproxy'), 'Redis and HAProxy are not installed')

/** The keys that the page says did not arrive, or may not have */
async function announced(page: Page): Promise<string> {
  if ((await page.getByRole('heading', { name: /not sent|may not have arrived/ }).count()) === 0) return ''
  await page.getByText('Show keys').click()
  return (await page.locator('details code').textContent()) ?? ''
}

const KEYS = 240
/** Each key is another than all others, so that one that is lost or doubled shows. */
const keys = Array.from({ length: KEYS }, (_, at) => String.fromCodePoint(0x4e00 + at))

test('a replica that ends gives its line to another while a page types, and nothing is lost or doubled', async ({
  page,
  rolling: { machine, origin, owner },
}) => {
  test.setTimeout(90_000)
  await page.goto(`${origin}/servers/server-1/console`)
  await expect(page.getByRole('banner').getByText('Live', { exact: true })).toBeVisible({ timeout: 20_000 })
  await page.getByRole('textbox', { name: 'Terminal input' }).focus()
  const first = owner()
  const typing = page.keyboard.type(keys.join(''), { delay: 15 })
  await expect.poll(() => machine.typed.length).toBeGreaterThan(40)
  first.signal('SIGTERM')
  await typing
  await first.ended()
  expect(owner()).not.toBe(first)
  await expect(page.getByRole('banner').getByText('Live', { exact: true })).toBeVisible({ timeout: 20_000 })
  // Each key arrived once and in its turn, or the page tells of it.
  await expect.poll(() => machine.typed).toContain(keys.at(-1))
  const typed = [...machine.typed]
  expect(typed).toEqual([...new Set(typed)].sort())
  const lost = await announced(page)
  expect(keys.filter((key) => !typed.includes(key) && !lost.includes(key))).toEqual([])
  // Nobody listened for a moment.
  expect(machine.seams).toHaveLength(1)
  expect(machine.seams[0]).toBeLessThan(1_000)
  test.info().annotations.push({ type: 'seam', description: `${Math.round(machine.seams[0] ?? 0)} ms` })
  // Each line that the machine printed is there once, and what is missing is missing at the seam.
  machine.quiet()
  const last = machine.printed
  await expect.poll(() => scrollback(page)).toContain(machine.lineOf(last))
  const lines = (await scrollback(page)).split(/\r?\n/)
  expect(lines.filter((line) => /restarted|connection lost/.test(line))).toHaveLength(1)
  let expected: number | null = null
  for (const line of lines) {
    const number = machine.numberOf(line)
    if (number === null) expected = /restarted|connection lost/.test(line) ? null : expected
    else {
      if (expected !== null) expect(number).toBe(expected)
      expected = number + 1
    }
  }
})
