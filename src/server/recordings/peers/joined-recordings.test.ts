import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Fastify from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import pino from 'pino'
import { expect, it, onTestFinished } from 'vitest'
import { record, subject } from '../../../testing/recordings/recorded-line.ts'
import { jsonOf } from '../../json.ts'
import { peerRecordingRoutes } from '../../routes/peer-recordings.ts'
import { Recorder } from '../recorder.ts'
import { OwnRecordings } from '../recordings.ts'
import { JoinedRecordings, type RecordingPeer } from './joined-recordings.ts'
import { KeptRecordings } from './wire.ts'

async function startRecorder() {
  const dir = await mkdtemp(join(tmpdir(), 'joined-'))
  const recorder = await Recorder.open({
    settings: { mode: 'always', dir, days: 30, totalMib: 64, maxMib: 16, input: false, mayDelete: true },
    log: pino({ level: 'silent' }),
  })
  onTestFinished(async () => {
    await recorder.close()
    await rm(dir, { recursive: true, force: true })
  })
  return recorder
}

/** Another replica, asked without a network */
function peerOf(id: string, recorder: Recorder) {
  const app = Fastify()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  peerRecordingRoutes(app, { recorder })
  onTestFinished(() => app.close())
  const answers: { path: string; infos: number | null }[] = []
  const peer: RecordingPeer & { answers: typeof answers; there: boolean } = {
    id,
    answers,
    there: true,
    async get(path) {
      if (!peer.there) return null
      const { statusCode, rawPayload } = await app.inject({ url: path })
      const { data } = KeptRecordings.safeParse(jsonOf(rawPayload.toString()))
      answers.push({ path, infos: data?.infos?.length ?? null })
      return { status: statusCode, header: () => undefined, body: rawPayload }
    },
    async remove(path) {
      return peer.there ? (await app.inject({ method: 'DELETE', url: path })).statusCode : null
    },
    async open(path) {
      const { statusCode, rawPayload } = await app.inject({ url: path })
      if (!peer.there || statusCode !== 200) return null
      return (async function* () {
        yield rawPayload
      })()
    },
  }
  return peer
}

async function recorded(recorder: Recorder, text: string): Promise<string> {
  const recording = await record(recorder)
  recording.output(Buffer.from(text))
  const { id } = recording
  await recording.stop()
  await expect.poll(() => recorder.isActive(id)).toBe(false)
  return id
}

async function two(stores: string[] = []) {
  const [here, there] = [await startRecorder(), await startRecorder()]
  const peer = peerOf('b', there)
  const joined = new JoinedRecordings({
    own: new OwnRecordings(here),
    ownStore: here.store.id,
    peers: () => [peer],
    stores: async () => new Set(stores),
  })
  return { here, there, peer, joined }
}

const idsOf = ({ infos }: { infos: readonly { id: string }[] }) => infos.map(({ id }) => id)

it('lists what both have, newest first, and asks again only for what has changed', async () => {
  const { here, there, peer, joined } = await two()
  const first = await recorded(there, 'one\n')
  const second = await recorded(here, 'two\n')
  expect(await joined.list()).toMatchObject({ away: false })
  expect(idsOf(await joined.list())).toEqual([second, first])
  expect(peer.answers.map(({ infos }) => infos)).toEqual([1, null])
  const third = await recorded(there, 'three\n')
  expect(idsOf(await joined.list())).toEqual([third, second, first])
  expect(peer.answers.at(-1)?.infos).toBe(2)
})

it('has the present length of a recording that another replica makes', async () => {
  const { there, joined } = await two()
  await joined.list()
  const recording = await record(there)
  recording.output(Buffer.from('so far\n'))
  await expect.poll(async () => (await joined.list()).infos).toHaveLength(1)
  recording.output(Buffer.from('and more\n'))
  const [info] = (await joined.list()).infos
  const [real] = await there.list()
  // Its length goes on with the clock.
  expect(info).toMatchObject({ ...real, duration: expect.any(Number) })
  expect(info).toMatchObject({ state: 'recording', serverId: subject.serverId })
  await recording.stop()
})

it('reads, exports and deletes a recording where it is', async () => {
  const { there, here, joined } = await two()
  const id = await recorded(there, 'one\n')
  const found = await joined.find(id)
  if (found.kind !== 'found') throw new Error('it is there')
  expect(joined.sourceOf(id)).toEqual({ kind: 'log', id })
  const texts: string[] = []
  for await (const events of joined.events(id)) texts.push(...events.map(([, , text]) => text))
  expect(texts.join('')).toContain('one\n')
  const cast = await joined.cast(found.info)
  expect((await cast?.body.toArray())?.map(String).join('')).toContain('"one\\n"')
  expect(await joined.remove(found.info)).toBe(true)
  expect(await joined.find(id)).toEqual({ kind: 'none' })
  expect([await there.list(), await here.list()]).toEqual([[], []])
})

it('says what is missing while a replica is away', async () => {
  const { there, peer, joined } = await two()
  const id = await recorded(there, 'one\n')
  const [info] = (await joined.list()).infos
  if (!info) throw new Error('there is one')
  peer.there = false
  expect(await joined.list()).toEqual({ infos: [], away: true })
  expect(await joined.find(id)).toEqual({ kind: 'away' })
  expect(await joined.remove(info)).toBe(false)
  expect(await joined.cast(info)).toBeNull()
  await expect(joined.events(id)[Symbol.asyncIterator]().next()).rejects.toThrow('does not answer')
  peer.there = true
  expect(idsOf(await joined.list())).toEqual([id])
})

it('misses a replica that was there lately', async () => {
  const { joined } = await two(['the store of a third'])
  expect(await joined.list()).toEqual({ infos: [], away: true })
})
