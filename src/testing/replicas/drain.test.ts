import { afterEach, expect, it } from 'vitest'
import { Stand } from './stand.ts'

let stand: Stand | null = null
afterEach(async () => {
  await stand?.stop()
  stand = null
})

// `npm run test:deaths` runs it.
it.runIf(process.env.DEATHS === 'all')(
  'gives its lines to another replica when it is told to end',
  async () => {
    stand = await Stand.start({ replicas: 2, lines: 400_000, linesAtOnce: 20, keys: 40_000 })
    await stand.goesOn()
    const took: number[] = []
    for (let restart = 0; restart < 2; restart++) {
      const { owner, machine } = stand
      const seams = machine.seams.length
      owner.signal('SIGTERM')
      // It is not ready any more.
      stand.leave(owner, false)
      await stand.until(() => machine.seams.length > seams, 'another replica has the line', 10_000)
      took.push(Math.round(await stand.goesOn(5_000)))
      expect(stand.owner).not.toBe(owner)
      await owner.ended()
      await stand.addReplica()
    }
    await stand.settle()
    expect(stand.wrong).toEqual([])
    const { figures, machine } = stand
    expect(figures.late).toBe(0)
    // Nobody listened for no longer than it takes to connect, on a busy computer, too.
    for (const seam of machine.seams) expect(seam).toBeLessThan(1_000)
    for (const ms of took) expect(ms).toBeLessThan(2_000)
    process.stdout.write(`${JSON.stringify({ what: 'drain', seams: machine.seams, took, ...figures })}\n`)
  },
  90_000,
)
