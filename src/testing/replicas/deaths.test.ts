import { afterEach, expect, it } from 'vitest'
import { TRUSTED_MS } from '../../server/replicas/lease-keeper.ts'
import { Stand } from './stand.ts'

// The owner of a line is killed in the middle of a numbered stream with numbered keys, again and again. Processes, Redis,
// pages and sockets are the real ones.

/** `npm test` runs a short form, `npm run test:deaths` the whole. */
const all = process.env.DEATHS === 'all'
const DEATHS = all ? 50 : 3
const GOES_ON_MS = 5_000
/** 20 MB in the short form */
const LINES = 312_500 * (all ? 20 : 1)
/** 320 kB at least between two deaths */
const LINES_APART = 5_000

let stand: Stand | null = null
afterEach(async () => {
  await stand?.stop()
  stand = null
})

it(
  `goes on within 5 s, ${DEATHS} times: nothing is doubled, and nothing typed twice`,
  async () => {
    stand = await Stand.start({ replicas: 2, lines: LINES, linesAtOnce: 100, keys: 40_000 })
    await stand.goesOn()
    await stand.shows(LINES_APART)
    const took: number[] = []
    const unheardMs: number[] = []
    for (let death = 0; death < DEATHS; death++) {
      const { owner } = stand
      const gaps = stand.typists.map((typist) => typist.gaps)
      const killed = performance.now()
      await owner.kill()
      stand.leave(owner)
      const next = death + 1 < DEATHS ? stand.addReplica() : null
      took.push(Math.round(await stand.goesOn(GOES_ON_MS)))
      // What was said into no ear is announced, with its duration, which counts from the owner's last sign of life.
      const mostMs = performance.now() - killed + TRUSTED_MS
      for (const [index, typist] of stand.typists.entries()) {
        const unheard = typist.seams.slice(gaps[index] ?? 0).filter(({ kind }) => kind === 'restarted')
        expect(unheard.length).toBeGreaterThan(0)
        for (const seam of unheard) {
          const ms = seam.kind === 'lost' ? null : seam.ms
          expect(ms).toBeGreaterThan(0)
          expect(ms).toBeLessThan(mostMs)
          if (ms !== null) unheardMs.push(ms)
        }
      }
      // The next one dies in the middle of the stream, too.
      await Promise.all([next, stand.shows(LINES_APART)])
    }
    await stand.settle()
    expect(stand.wrong).toEqual([])
    const { figures } = stand
    expect(figures.late).toBe(0)
    process.stdout.write(`${JSON.stringify({ deaths: DEATHS, took, unheardMs, ...figures })}\n`)
  },
  all ? 20 * 60_000 : 180_000,
)
