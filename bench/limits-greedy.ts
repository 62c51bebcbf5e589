import * as z from 'zod/mini'
import { paths } from '../src/shared/api.ts'

// A user who asks for the list as often as possible, in a process of its own.

const Task = z.object({
  origin: z.string(),
  /** How many requests at once */
  readers: z.number(),
  /** Each asks again for so long, ms. 0: once */
  forMs: z.number(),
})

async function ask(origin: string): Promise<number> {
  const response = await fetch(origin + paths.servers(), { headers: { 'cache-control': 'no-cache' } })
  await response.arrayBuffer()
  return response.status
}

process.on('message', async (message) => {
  const { origin, readers, forMs } = Task.parse(message)
  const until = performance.now() + forMs
  const statuses: number[] = []
  const reader = async () => {
    do statuses.push(await ask(origin))
    while (performance.now() < until)
  }
  await Promise.all(Array.from({ length: readers }, reader))
  const counted = (status: number) => statuses.filter((each) => each === status).length
  process.send?.({ ok: counted(200), tooMany: counted(429), overloaded: counted(503), all: statuses.length })
})
process.on('disconnect', () => process.exit())
