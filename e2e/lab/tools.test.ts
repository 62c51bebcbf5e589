import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { freePort } from './tools.ts'

// ip(7)
const RANGE = '/proc/sys/net/ipv4/ip_local_port_range'

it.runIf(existsSync(RANGE))('gives no port that the system gives to who asks for any', async () => {
  const [from = 0, to = 0] = readFileSync(RANGE, 'utf8').trim().split(/\s+/).map(Number)
  for (let times = 0; times < 20; times++)
    expect(await freePort()).not.toSatisfy((port: number) => port >= from && port <= to)
})

it('gives none twice in a row, and none that is taken', async () => {
  const first = await freePort()
  const taken = createServer().listen(first + 1, '127.0.0.1')
  await once(taken, 'listening')
  const others = [await freePort(), await freePort()]
  taken.close()
  expect(new Set([first, first + 1, ...others]).size).toBe(4)
})
