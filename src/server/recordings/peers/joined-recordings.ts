import { Readable } from 'node:stream'
import type { RecordingInfo } from '../../../shared/recording.ts'
import { askPeer, askPeers, isAnyAway, type Peer } from '../../replicas/peer.ts'
import { type CastEvents, eventsIn } from '../cast.ts'
import type { RecordingSource } from '../jobs.ts'
import type { CastFile, Found, KnownRecordings, OwnRecordings, Recordings } from '../recordings.ts'
import { KeptRecording, KeptRecordings, recordingPeerPaths } from './wire.ts'

/** Another replica, which reads its recordings to this one, too */
export interface RecordingPeer extends Peer {
  /** @returns the status; null: it does not answer */
  remove(path: string): Promise<number | null>
  /** @returns a body of any length, which throws where it is cut; null: there is none */
  open(path: string): Promise<AsyncIterable<Buffer> | null>
}

interface JoinedRecordingsOptions {
  own: OwnRecordings
  /** Names for good what has this replica's recordings */
  ownStore: string
  /** Who else is there now */
  peers: () => readonly RecordingPeer[]
  /** What all replicas have that were there lately, by its names; null: nobody knows. */
  stores: () => Promise<ReadonlySet<string> | null>
}

/** All of what a peer has, as it was once */
interface Listing {
  store: string | null
  version: string
  infos: ReadonlyMap<string, RecordingInfo>
}

/** A list that changes while it is read is read anew so often. */
const TRIES = 3

/** The recordings of all replicas. Each stays where it was made. */
export class JoinedRecordings implements Recordings {
  readonly #options: JoinedRecordingsOptions
  /** What was listed last, by the peer's id: only what changed is sent again. */
  #listings: ReadonlyMap<string, Listing> = new Map()

  constructor(options: JoinedRecordingsOptions) {
    this.#options = options
  }

  async list(): Promise<KnownRecordings> {
    const { own, ownStore, peers, stores } = this.#options
    const [here, answers, known] = await Promise.all([
      own.list(),
      Promise.all(peers().map(async (peer) => ({ peer, answer: await this.#listingOf(peer) }))),
      stores(),
    ])
    this.#listings = new Map(answers.flatMap(({ peer, answer }) => (answer ? [[peer.id, answer]] : [])))
    const all = new Map<string, RecordingInfo>()
    for (const { answer } of answers) for (const [id, info] of answer?.infos ?? []) all.set(id, info)
    for (const info of here.infos) all.set(info.id, info)
    const infos = [...all.values()].sort((one, other) => (one.startedAt < other.startedAt ? 1 : -1))
    return { infos, away: isAnyAway({ own: ownStore, known }, answers) }
  }

  async find(id: string): Promise<Found> {
    const { own, peers } = this.#options
    const here = await own.find(id)
    if (here.kind === 'found') return here
    const answers = await askPeers(peers(), recordingPeerPaths.recording(id), KeptRecording)
    for (const { answer } of answers) if (answer?.info) return { kind: 'found', info: answer.info }
    return answers.some(({ answer }) => answer === null) ? { kind: 'away' } : { kind: 'none' }
  }

  sourceOf(id: string): RecordingSource {
    const { own } = this.#options
    return own.has(id) ? own.sourceOf(id) : { kind: 'log', id }
  }

  async isReadable(id: string): Promise<boolean> {
    const { own } = this.#options
    return !own.has(id) || (await own.isReadable(id))
  }

  async cast(info: RecordingInfo): Promise<CastFile | null> {
    const { own } = this.#options
    if (own.has(info.id)) return own.cast(info)
    const bytes = await this.#open(info.id)
    return bytes && { body: Readable.from(bytes), bytes: null }
  }

  async *events(id: string): CastEvents {
    const { own } = this.#options
    if (own.has(id)) return yield* own.events(id)
    const bytes = await this.#open(id)
    // Nothing must not look like an empty recording.
    if (!bytes) throw new Error('The replica that has the recording does not answer.')
    yield* eventsIn(bytes)
  }

  async remove(info: RecordingInfo): Promise<boolean> {
    const { own } = this.#options
    if (own.has(info.id)) return own.remove(info)
    const peer = await this.#holderOf(info.id)
    const status = await peer?.remove(recordingPeerPaths.recording(info.id))
    return status === 204 || status === 404
  }

  async #open(id: string): Promise<AsyncIterable<Buffer> | null> {
    const peer = await this.#holderOf(id)
    return (await peer?.open(recordingPeerPaths.cast(id))) ?? null
  }

  async #holderOf(id: string): Promise<RecordingPeer | null> {
    const peers = this.#options.peers()
    const known = peers.find((peer) => this.#listings.get(peer.id)?.infos.has(id))
    if (known) return known
    const answers = await askPeers(peers, recordingPeerPaths.recording(id), KeptRecording)
    return answers.find(({ answer }) => answer?.info)?.peer ?? null
  }

  async #listingOf(peer: RecordingPeer): Promise<Listing | null> {
    let known = this.#listings.get(peer.id) ?? null
    for (let tries = 0; tries < TRIES; tries++) {
      const first = await askPeer(peer, recordingPeerPaths.list(0, known?.version ?? ''), KeptRecordings)
      if (!first) return null
      const infos = first.infos ? await this.#restOf(peer, first, first.infos) : known?.infos
      if (infos === 'gone') return null
      if (infos && infos !== 'changed') return listing(first, infos)
      known = null
    }
    return null
  }

  /** All of a list, of which the first are there */
  async #restOf(
    peer: RecordingPeer,
    { version, total }: KeptRecordings,
    first: readonly RecordingInfo[],
  ): Promise<ReadonlyMap<string, RecordingInfo> | 'changed' | 'gone'> {
    const infos = new Map(first.map((info) => [info.id, info]))
    for (let from = first.length; from < total; ) {
      const next = await askPeer(peer, recordingPeerPaths.list(from, ''), KeptRecordings)
      if (!next) return 'gone'
      if (next.version !== version || !next.infos || next.infos.length === 0) return 'changed'
      for (const info of next.infos) infos.set(info.id, info)
      from += next.infos.length
    }
    return infos
  }
}

function listing(
  { store, version, active }: KeptRecordings,
  infos: ReadonlyMap<string, RecordingInfo>,
): Listing {
  const now = new Map(infos)
  for (const info of active) now.set(info.id, info)
  return { store, version, infos: now }
}
