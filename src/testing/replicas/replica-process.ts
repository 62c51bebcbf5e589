import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { z } from 'zod'
import { freePort } from '../../../e2e/lab/tools.ts'

const Ready = z.object({ port: z.number() })

interface ReplicaProcessOptions {
  /** Made by `makeReplicaProgram` */
  program: string
  /** The gateway sees it as the token. */
  name: string
  redisUrl: string
  /** host:port */
  gateway: string
  origins: readonly string[]
  env?: NodeJS.ProcessEnv
}

/** A real server process, one of several. */
export class ReplicaProcess {
  readonly name: string
  readonly port: number
  readonly #process: ChildProcess

  private constructor(name: string, process: ChildProcess, port: number) {
    this.name = name
    this.#process = process
    this.port = port
  }

  static async start({
    program,
    name,
    redisUrl,
    gateway,
    origins,
    env = {},
  }: ReplicaProcessOptions): Promise<ReplicaProcess> {
    const started = spawn(process.execPath, [program], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: {
        ...process.env,
        NODE_ENV: 'production',
        BMS_CONSOLE_AUDIT: 'off',
        BMS_CONSOLE_PORT: '0',
        BMS_CONSOLE_PUBLIC_ORIGINS: origins.join(','),
        BMS_CONSOLE_TRANSPORT: 'relay',
        BMS_CONSOLE_ISSUES_PER_MINUTE: '10000',
        BMS_CONSOLE_OVERLOAD_DELAY: '60000',
        BMS_CONSOLE_REDIS_URL: redisUrl,
        BMS_CONSOLE_REPLICA_ADDRESS: `127.0.0.1:${await freePort()}`,
        BMS_CONSOLE_REPLICA_SECRET: 'a secret that all replicas of a test share',
        TEST_GATEWAY: gateway,
        TEST_NAME: name,
        ...env,
      },
    })
    const [said] = await Promise.race([
      once(started, 'message'),
      once(started, 'exit').then(([code]) => {
        throw new Error(`A replica ended with ${code} before it listened.`)
      }),
    ])
    return new ReplicaProcess(name, started, Ready.parse(said).port)
  }

  get isRunning(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null
  }

  signal(name: 'SIGSTOP' | 'SIGCONT' | 'SIGTERM'): void {
    this.#process.kill(name)
  }

  /** As when the kernel runs out of memory: no goodbye. */
  async kill(): Promise<void> {
    if (!this.isRunning) return
    const exited = once(this.#process, 'exit')
    this.#process.kill('SIGKILL')
    await exited
  }

  /** @returns once it has ended by itself */
  async ended(): Promise<void> {
    if (this.isRunning) await once(this.#process, 'exit')
  }
}
