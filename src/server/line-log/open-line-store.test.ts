import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { expect, it, onTestFinished } from 'vitest'
import { steadyClock, systemClock } from '../../shared/clock.ts'
import { LineLogs } from './line-logs.ts'
import { openLineStore } from './open-line-store.ts'
import { DiskStore } from './store/disk-store.ts'
import { keepingNothing } from './store/nothing.ts'

const log = pino({ level: 'silent' })
const line = { server: { id: 'server-1', name: 'web-1' }, project: null }
const limits = { days: 30, totalMib: 100, lineMib: 10 }

async function folder() {
  const dir = await mkdtemp(join(tmpdir(), 'bms-console-lines-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return dir
}

/** One life of the server. */
async function start(dir: string) {
  const { store, lastSeen } = await openLineStore({ dir, ...limits, tags: [] }, log)
  if (!store) throw new Error('There is a folder.')
  const lineLogs = new LineLogs({
    store,
    lastSeen,
    keptBytes: 256 * 1024,
    log,
    clock: steadyClock,
    wall: systemClock,
  })
  return { store, lastSeen, open: (session: string) => lineLogs.open(line, session) }
}

it('keeps nothing without a folder', async () => {
  expect(await openLineStore(null, log)).toEqual({ store: null, lastSeen: null, tags: null })
})

it('says whether its offsets are those of a log that can be read', async () => {
  const { store: kept } = await start(await folder())
  const recorded = await DiskStore.open({ dir: await folder(), ...limits, keeps: 'held', log })
  onTestFinished(async () => {
    await kept.close()
    await recorded.close()
  })
  const told = []
  for (const store of [kept, recorded, keepingNothing, null]) {
    const options = { lastSeen: null, keptBytes: 1024, log, clock: steadyClock, wall: systemClock }
    const lineLog = await new LineLogs({ store, ...options }).open(line, 'one')
    told.push(lineLog.inLog)
    lineLog.close(false)
  }
  expect(told).toEqual([true, false, false, false])
})

it('has the very last byte after a server that was ended', async () => {
  const dir = await folder()
  const first = await start(dir)
  const one = await first.open('one')
  one.append(Buffer.alloc(300 * 1024, 'x'))
  one.append(Buffer.from('\nlast words'))
  one.close(true)
  await first.store.close()

  const second = await start(dir)
  expect(second.lastSeen).toBeNull()
  const two = await second.open('two')
  expect(two.began).toBe(one.end)
  await two.wake()
  expect(two.ring.read(two.end - 10, 10).toString()).toBe('last words')
  expect(two.end - two.ring.start).toBeGreaterThan(252 * 1024)
  expect(two.seams.from(0)?.seam).toMatchObject({ at: one.end, why: 'restarted' })
  expect(two.place(null, [{ session: 'one', offset: one.end - 5 }])).toMatchObject({
    from: one.end - 5,
    goesOn: true,
  })
  two.close(false)
  // Its own session ended, so the next one was not interrupted by a restart.
  const three = await second.open('three')
  expect(three.seams.from(1)?.seam).toMatchObject({ at: one.end, why: 'not-watched' })
  three.close(true)
  await second.store.close()
})
