import { afterEach, expect, it } from 'vitest'
import { Stand } from './stand.ts'

let stand: Stand | null = null
afterEach(async () => {
  await stand?.stop()
  stand = null
})

/** So long the cloud takes for a link. Nobody waits for that while a line moves: the link is there before. */
const LINK_MS = 3_000

// `npm run test:deaths` runs it.
it.runIf(process.env.DEATHS === 'all')(
  'gives its lines to another replica when it is told to end',
  async () => {
    stand = await Stand.start({
      replicas: 2,
      lines: 400_000,
      linesAtOnce: 20,
      keys: 40_000,
      env: { TEST_LINK_MS: String(LINK_MS) },
    })
    await stand.goesOn()
    const took: number[] = []
    for (let restart = 0; restart < 2; restart++) {
      const { owner, machine } = stand
      const seams = machine.seams.length
      owner.signal('SIGTERM')
      // It is not ready any more.
      stand.leave(owner, false)
      await stand.until(() => machine.seams.length > seams, 'another replica has the line', 20_000)
      took.push(Math.round(await stand.goesOn(5_000)))
      expect(stand.owner).not.toBe(owner)
      await owner.ended()
      await stand.addReplica()
    }
    await stand.settle()
    expect(stand.wrong).toEqual([])
    const { figures, machine } = stand
    expect(figures.late).toBe(0)
    // Nobody listened for no longer than it takes to connect, and pages go on without a link of their own.
    for (const ms of [...machine.seams, ...took]) expect(ms).toBeLessThan(LINK_MS)
    process.stdout.write(`${JSON.stringify({ what: 'drain', seams: machine.seams, took, ...figures })}\n`)
  },
  90_000,
)
