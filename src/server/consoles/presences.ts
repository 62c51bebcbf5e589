import { randomUUID } from 'node:crypto'
import type { FastifyBaseLogger } from 'fastify'
import { z } from 'zod'
import { type Clock, every } from '../../shared/clock.ts'
import { ProjectRef } from '../../shared/server.ts'
import { Fresh } from '../store/fresh.ts'
import { ignoringStore } from '../store/ignoring-store.ts'
import { type Store, StoreError } from '../store/store.ts'
import type { Sessions } from './sessions.ts'

const GROUP = 'presence'
/** How often a replica says who is on its lines, if that has changed */
const TELL_MS = 1_000
/** It says so again after this long, since it is forgotten after a while. */
const AGAIN_MS = 3_000
const KEPT_MS = 10_000
/** Pages ask every few seconds. */
const FRESH_MS = 1_000

const Present = z.array(z.object({ name: z.string(), writer: z.boolean(), hereMs: z.number() }))

/** The session that a server's line has open */
export const OpenLine = z.object({
  session: z.string(),
  /** The server's */
  name: z.string(),
  watched: z.boolean(),
  openMs: z.number(),
  viewers: Present,
})
export type OpenLine = z.infer<typeof OpenLine>

const Line = z.object({
  server: z.object({ id: z.string(), name: z.string() }),
  project: z.nullable(ProjectRef),
  session: z.string(),
  writer: z.nullable(z.object({ id: z.string(), name: z.string() })),
  viewers: z.number(),
  forMs: z.number(),
  openMs: z.number(),
  watched: z.boolean(),
  present: Present,
})
type Line = z.infer<typeof Line>

/** What one replica says. `at`: ms since the epoch */
const Said = z.object({ at: z.number(), lines: z.array(Line) })

export interface PresencesOptions {
  store: Store
  sessions: Pick<Sessions, 'inUse' | 'openAt'>
  clock: Clock
  log: FastifyBaseLogger
  /** Asks the replica that has a server's line. Absent: there is one process. @throws StoreError */
  atOwner?: (serverId: string) => Promise<OpenLine | null>
}

/** Who is on which line: here, and at the other replicas as it was some seconds ago. */
export class Presences {
  readonly #options: PresencesOptions
  /** This process among the others */
  readonly #self = randomUUID()
  readonly #stop: () => void
  #told: { who: string; at: number } | null = null
  readonly #others: Fresh<Line[]>

  constructor(options: PresencesOptions) {
    this.#options = options
    this.#others = new Fresh(() => this.#read(), FRESH_MS, options.clock)
    this.#stop = options.store.shared ? every(options.clock, TELL_MS, () => void this.tell()) : () => {}
  }

  async inUse() {
    const here = this.#options.sessions.inUse()
    const there = await this.#elsewhere()
    return [
      ...here,
      ...there
        .filter(({ server }) => !here.some((line) => line.server.id === server.id))
        .map(({ server, project, session, writer, viewers, forMs }) => ({
          server,
          project,
          session,
          writer,
          viewers,
          forMs,
        })),
    ]
  }

  /** The server's open session, wherever it is. null: there is none */
  async openAt(serverId: string): Promise<OpenLine | null> {
    const { sessions, atOwner } = this.#options
    const here = sessions.openAt(serverId)
    if (here) return here
    const there = (await this.#elsewhere()).find(({ server }) => server.id === serverId)
    // Replicas tell each other of lines that people are on. Thousands may be held with nobody there.
    if (!there) return atOwner ? ignoringStore(atOwner(serverId)) : null
    const { session, server, watched, openMs, present } = there
    return { session, name: server.name, watched, openMs, viewers: present }
  }

  /** Tells the others who is here, unless they know. */
  async tell(): Promise<void> {
    const { store, clock } = this.#options
    const now = clock.now()
    const lines = this.#here()
    const who = whoIn(lines)
    if (this.#told && this.#told.who === who && now < this.#told.at + AGAIN_MS) return
    if (lines.length === 0 && !this.#told) return
    this.#told = lines.length === 0 ? null : { who, at: now }
    await this.#ignoring(
      lines.length === 0
        ? store.leave(GROUP, this.#self)
        : store.join(GROUP, this.#self, JSON.stringify({ at: now, lines }), KEPT_MS),
    )
  }

  async close(): Promise<void> {
    this.#stop()
    if (this.#told) await this.#ignoring(this.#options.store.leave(GROUP, this.#self))
  }

  #here(): Line[] {
    const { sessions } = this.#options
    return sessions.inUse().flatMap(({ server, project, session, writer, viewers, forMs }) => {
      const open = sessions.openAt(server.id)
      if (!open) return []
      const { openMs, watched, viewers: present } = open
      const named = writer && { id: writer.id, name: writer.name }
      return {
        server: { id: server.id, name: server.name },
        project,
        session,
        writer: named,
        viewers,
        forMs,
        openMs,
        watched,
        present,
      }
    })
  }

  #elsewhere(): Promise<Line[]> {
    return this.#options.store.shared ? this.#others.get() : Promise.resolve([])
  }

  async #read(): Promise<Line[]> {
    const { store, clock } = this.#options
    const lines: Line[] = []
    for (const [replica, text] of await store.members(GROUP)) {
      const said = replica === this.#self ? null : Said.safeParse(JSON.parse(text)).data
      const ago = said ? Math.max(0, clock.now() - said.at) : 0
      for (const line of said?.lines ?? []) lines.push(olderBy(ago, line))
    }
    return lines
  }

  async #ignoring(answer: Promise<void>): Promise<void> {
    try {
      await answer
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      this.#told = null
      this.#options.log.debug({ reason: error.message }, 'who is here was not told')
    }
  }
}

/** The lines without their ages, which change all the time */
const whoIn = (lines: readonly Line[]): string =>
  JSON.stringify(
    lines.map(({ session, writer, viewers, watched, present }) => [
      session,
      writer,
      viewers,
      watched,
      present.map(({ name, writer }) => [name, writer]),
    ]),
  )

const olderBy = (ms: number, line: Line): Line => ({
  ...line,
  forMs: line.forMs + ms,
  openMs: line.openMs + ms,
  present: line.present.map((each) => ({ ...each, hereMs: each.hereMs + ms })),
})
