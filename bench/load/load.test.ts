import { readFile } from 'node:fs/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { drawCurve, LoadCurve, niceAbove } from './curve.ts'
import { watchHealth } from './health.ts'
import { checkOpenFiles, sourceProgram, startRig } from './rig.ts'

const SESSIONS = 12
/** Processes start, and lines that were lost wait some seconds. */
const patient = { timeout: 60_000 }

describe('the load benchmark, with few sessions', () => {
  it('gets each key back once, through bursts, slow readers, a clock that jumps and a gateway that vanishes', async () => {
    const rig = await startRig(sourceProgram)
    onTestFinished(() => rig.stop())
    await rig.open(SESSIONS)
    await rig.type(true)
    const typed = async (keys: number) => {
      const before = (await rig.viewers()).typed
      await expect
        .poll(async () => (await rig.viewers()).typed - before, patient)
        .toBeGreaterThanOrEqual(keys)
    }
    const settled = () => rig.settled(15_000)

    await rig.speak(2, 50_000)
    await rig.stopReading(1)
    await typed(SESSIONS)
    await rig.stopReading(0)
    const { said } = await rig.speak(0, 0)
    const calm = await settled()
    expect(calm).toMatchObject({ open: SESSIONS, dropped: 0, unanswered: 0, waiting: 0, wrong: [] })
    expect(calm.echoed).toBe(calm.typed)
    expect(calm.told).toBe(calm.typed)
    await expect.poll(async () => (await rig.viewers()).heard, patient).toBe(said)

    const health = await watchHealth(rig.origin)
    await rig.setClock(3_600_000)
    await rig.type(true)
    await typed(SESSIONS)
    await rig.setClock(-3_600_000)
    await rig.endGateway()
    await expect.poll(async () => (await rig.viewers()).open, patient).toBe(0)
    await typed(SESSIONS)
    await rig.bringGatewayBack()
    await expect.poll(async () => (await rig.viewers()).open, patient).toBe(SESSIONS)
    await typed(SESSIONS)
    const after = await settled()
    expect(after).toMatchObject({ open: SESSIONS, waiting: 0, wrong: [] })
    // What was typed while the gateway was away came back to who typed it.
    expect(after.dropped).toBeGreaterThan(0)
    expect(after.echoed + after.dropped + after.unanswered).toBe(after.typed)
    expect(after.told).toBe(after.typed)
    expect((await health()).refused).toBe(0)
  }, 180_000)

  it('says how many open files it needs', async () => {
    const files = /1000000000 sessions need 2000000200 open files/
    await expect(checkOpenFiles(1e9, '4096')).rejects.toThrow(files)
    await expect(checkOpenFiles(1_000, '4096')).resolves.toBeUndefined()
    await expect(checkOpenFiles(1e9, 'unlimited')).resolves.toBeUndefined()
  })
})

describe('the picture of the curve', () => {
  it('is the one of the figures beside it', async () => {
    const docs = (name: string) => readFile(new URL(`../../docs/${name}`, import.meta.url), 'utf8')
    const curve = LoadCurve.parse(JSON.parse(await docs('load.json')))
    expect(drawCurve(curve)).toBe(await docs('load.svg'))
  })

  it('has axes that end at a round number', () => {
    expect([0.7, 1, 18, 41, 523].map(niceAbove)).toEqual([0.8, 1, 20, 50, 600])
  })
})
