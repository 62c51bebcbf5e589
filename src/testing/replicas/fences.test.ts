import { afterEach, describe, expect, it } from 'vitest'
import { Stand } from './stand.ts'

// What an owner does that stands still, or that does not hear from Redis. The machine takes several connections at once,
// so nothing but the owners themselves keeps two of them from typing.

let stand: Stand | null = null
afterEach(async () => {
  await stand?.stop()
  stand = null
})

const begin = async (replicas: number) => {
  stand = await Stand.start({ replicas, lines: 400_000, linesAtOnce: 20, keys: 40_000 })
  await stand.goesOn()
  return stand
}

const pass = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

const finish = async (told: Stand, what: string, took: readonly number[]) => {
  await told.settle()
  expect(told.wrong).toEqual([])
  expect(told.machine.late).toBe(0)
  process.stdout.write(`${JSON.stringify({ what, took: took.map(Math.round), ...told.figures })}\n`)
}

// They wait for leases, in real time: `npm run test:deaths` runs them.
describe.runIf(process.env.DEATHS === 'all')('a line owned by a lease', () => {
  it('has one writer when its owner stands still for 10 s, and wakes up', async () => {
    const told = await begin(2)
    const { owner } = told
    owner.signal('SIGSTOP')
    told.leave(owner)
    // A page whose connection goes through another replica to this one hears nothing of it.
    const took = await told.goesOn(6_000, 1)
    expect(told.owner).not.toBe(owner)
    await pass(10_000 - took)
    owner.signal('SIGCONT')
    const again = await told.goesOn(6_000)
    expect(told.machine.connections).toBe(2)
    await finish(told, 'SIGSTOP', [took, again])
  }, 90_000)

  it('goes on at its owner when Redis begins anew, and at another when that one dies then', async () => {
    const told = await begin(2)
    const { owner } = told
    const { connections } = told.machine
    await told.redis.restart()
    await pass(2_000)
    const open = await told.goesOn(2_000)
    expect([told.owner, told.machine.connections]).toEqual([owner, connections])
    await owner.kill()
    told.leave(owner)
    const took = await told.goesOn(8_000)
    await finish(told, 'Redis restarted', [open, took])
  }, 90_000)

  it('stops when Redis is away for longer than its lease, and comes back with Redis', async () => {
    const told = await begin(2)
    const { connections } = told.machine
    told.redis.freeze()
    await told.goesOn(1_500)
    await told.until(() => told.machine.open === 0, 'the owner lets go of the machine', 5_000)
    await pass(1_000)
    expect([told.machine.open, told.machine.connections]).toEqual([0, connections])
    told.redis.thaw()
    const took = await told.goesOn(20_000)
    await finish(told, 'Redis away', [took])
  }, 90_000)
})
