import { get } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { HealthState } from './messages.ts'

// Asks for health again and again, and does nothing else: what holds up another part of the benchmark does not count.

const ASK_MS = 10
const address = `${process.env.LOAD_ORIGIN}/healthz`
const seen: HealthState = { longest: 0, refused: 0 }

const ask = () =>
  new Promise<number | undefined>((resolve, reject) => {
    get(address, (response) => {
      response.on('end', () => resolve(response.statusCode)).resume()
    }).on('error', reject)
  })

async function askOnce(): Promise<void> {
  const begun = performance.now()
  const status = await ask()
  seen.longest = Math.max(seen.longest, performance.now() - begun)
  if (status !== 200) seen.refused += 1
}

let asking = true
process.on('message', () => {
  asking = false
})
process.on('disconnect', () => process.exit())
// The first question compiles the code.
await ask()
process.send?.('ready')
while (asking) {
  await askOnce()
  await delay(ASK_MS)
}
// The last wait counts, however long it was.
process.send?.(seen)
