import { EventEmitter, once } from 'node:events'
import { vi } from 'vitest'
import { KeyLedger } from '../faults/keys.ts'
import { NumberedMachine } from '../faults/machine.ts'
import { Browser, Typist } from '../faults/typist.ts'
import { startRedis, type TestRedis } from '../redis.ts'
import { Balancer } from './balancer.ts'
import { ReplicaProcess } from './replica-process.ts'
import { makeReplicaProgram } from './replica-program.ts'

interface StandOptions {
  replicas: number
  /** How many lines the machine prints, and how many at once */
  lines: number
  linesAtOnce: number
  /** Each of two pages has so many keys to type. */
  keys: number
  env?: NodeJS.ProcessEnv
}

/** How often the pages type */
const TYPE_MS = 10

/** Real server processes with a real Redis behind a balancer, one machine, and two pages that watch it and type. */
export class Stand {
  readonly redis: TestRedis
  readonly machine: NumberedMachine
  readonly balancer: Balancer
  readonly typists: Typist[] = []
  replicas: ReplicaProcess[] = []
  readonly #options: StandOptions & { program: string }
  readonly #events: EventEmitter
  readonly #cleanUps: (() => unknown)[] = []
  #started = 0
  /** For how long this process, in which the pages are, had no turn on a busy computer. It grows. */
  #idledMs = 0

  private constructor(
    options: StandOptions & { program: string },
    redis: TestRedis,
    machine: NumberedMachine,
    balancer: Balancer,
    events: EventEmitter,
  ) {
    this.#options = options
    this.redis = redis
    this.machine = machine
    this.balancer = balancer
    this.#events = events
  }

  static async start(options: StandOptions): Promise<Stand> {
    const events = new EventEmitter()
    const ledgers = [0, 1].map((page) => new KeyLedger(page, options.keys))
    const machine = await NumberedMachine.start({
      lines: options.lines,
      linesAtOnce: options.linesAtOnce,
      keepsAll: true,
      onKey: (page, number) => ledgers[page]?.arrives(number),
    })
    const [redis, balancer, program] = await Promise.all([
      startRedis(),
      Balancer.start(),
      makeReplicaProgram(),
    ])
    await redis.age()
    const stand = new Stand({ ...options, program }, redis, machine, balancer, events)
    stand.#cleanUps.push(
      () => machine.close(),
      () => balancer.close(),
      () => redis.stop(),
    )
    await Promise.all(Array.from({ length: options.replicas }, () => stand.addReplica()))
    const page = new EventTarget()
    vi.stubGlobal('window', page)
    vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
    vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page))
    vi.stubGlobal('navigator', { onLine: true })
    for (const ledger of ledgers) {
      const typist = await Typist.start(ledger, 'server-1', new Browser(balancer.origin))
      typist.eagerness = 200
      stand.typists.push(typist)
    }
    let turn = performance.now()
    let used = process.cpuUsage()
    const typing = setInterval(() => {
      const now = performance.now()
      // What the pages themselves were busy with is no excuse.
      const { user, system } = process.cpuUsage(used)
      stand.#idledMs += Math.max(0, now - turn - 2 * TYPE_MS - (user + system) / 1000)
      turn = now
      used = process.cpuUsage()
      for (const typist of stand.typists) typist.type(3)
      events.emit('moved')
    }, TYPE_MS)
    stand.#cleanUps.push(() => {
      clearInterval(typing)
      for (const typist of stand.typists) typist.stop()
      vi.unstubAllGlobals()
    })
    return stand
  }

  async addReplica(): Promise<ReplicaProcess> {
    const { redis, machine, balancer } = this
    const replica = await ReplicaProcess.start({
      program: this.#options.program,
      name: `replica-${this.#started++}`,
      redisUrl: redis.url,
      gateway: machine.address,
      origins: [balancer.origin],
      ...(this.#options.env ? { env: this.#options.env } : {}),
    })
    this.#cleanUps.push(() => replica.kill())
    this.replicas.push(replica)
    this.#lead()
    return replica
  }

  /** The one whose connection the machine got last */
  get owner(): ReplicaProcess {
    const owner = this.replicas.find(({ name }) => name === this.machine.token)
    if (!owner) throw new Error(`No replica is called ${this.machine.token}.`)
    return owner
  }

  /** The balancer leads to it no more. @param down it cuts what leads there */
  leave(replica: ReplicaProcess, down = true): void {
    this.replicas = this.replicas.filter((one) => one !== replica)
    this.#lead(down)
  }

  /** What should not have happened */
  get wrong(): string[] {
    return [...this.machine.wrong, ...this.typists.flatMap((typist) => typist.wrong)]
  }

  /**
   * Resolves when it holds.
   * @param mostMs without the time in which this process had no turn: the pages could do nothing then
   * @returns after how many ms, counted in the same way
   */
  async until(holds: () => boolean, what: string, mostMs = 30_000): Promise<number> {
    const clock = () => performance.now() - this.#idledMs
    const begun = clock()
    while (!holds()) {
      await once(this.#events, 'moved')
      if (this.wrong.length > 0) throw new Error(this.wrong.join('\n'))
      if (clock() - begun > mostMs)
        throw new Error(`not in ${mostMs} ms: ${what}; ${this.typists.map(({ state }) => state).join(' ')}`)
    }
    return Math.max(0, clock() - begun)
  }

  /**
   * Pages show what is printed now, and the writer's keys arrive.
   * @param pages how many of them at least
   * @returns after how many ms
   */
  goesOn(mostMs?: number, pages = this.typists.length): Promise<number> {
    const { printed } = this.machine
    const arrived = this.#arrivals
    const shown = () => this.typists.filter(({ lastLine }) => lastLine > printed).length
    return this.until(
      () => shown() >= pages && this.#arrivals > arrived,
      `pages show more than line ${printed}, and more than ${arrived} keys arrive`,
      mostMs,
    )
  }

  /** Resolves when each page shows so many lines more. */
  async shows(lines: number): Promise<void> {
    const from = this.typists.map(({ lastLine }) => lastLine)
    await this.until(
      () => this.typists.every(({ lastLine }, page) => lastLine >= (from[page] ?? 0) + lines),
      `pages show ${lines} lines more`,
    )
  }

  /** Nothing is printed or typed any more, and all is told. */
  async settle(): Promise<void> {
    for (const typist of this.typists) typist.eagerness = 0
    await this.until(() => this.typists.every(({ untold }) => untold === 0), 'each key has its fate')
  }

  get figures() {
    const { connections, printed, late } = this.machine
    const pages = this.typists.map(({ keys, gaps }) => ({
      typed: keys.typed - keys.left,
      arrived: keys.arrivals,
      notSent: keys.announcedNotSent,
      unknown: keys.announcedUnknown,
      gaps,
    }))
    return { printed, connections, late, pages }
  }

  async stop(): Promise<void> {
    for (const cleanUp of this.#cleanUps.splice(0).reverse()) await cleanUp()
  }

  get #arrivals(): number {
    return this.typists.reduce((sum, { keys }) => sum + keys.arrivals, 0)
  }

  #lead(down = true): void {
    this.balancer.use(
      this.replicas.map(({ port }) => port),
      down,
    )
  }
}
