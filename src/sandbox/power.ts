import { randomUUID } from 'node:crypto'
import type { Clock } from '../shared/clock.ts'
import type { SandboxServer, Task } from './sandbox-server.ts'

export type PowerCommand = 'on' | 'off' | 'soft' | 'hard'

/** How long a job waits, ms */
const INIT_MS = 400
/** How long the machine's controller takes, ms */
const WORK_MS = 2_600

const tasks: Readonly<Record<PowerCommand, Task>> = {
  on: 'powering-on',
  off: 'powering-off',
  soft: 'rebooting',
  hard: 'rebooting',
}

/** What is being done to one server: a job below the job that was answered. */
interface Operation {
  readonly id: string
  readonly server: SandboxServer
  readonly begun: number
  status: 'INIT' | 'RUNNING' | 'SUCCESS' | 'FAIL'
  ended: number | null
}

interface Job {
  readonly projectId: string
  readonly begun: number
  readonly operations: readonly Operation[]
}

/** Switches machines, which takes its time, and remembers how that ended. */
export class PowerControl {
  readonly #clock: Clock
  /** 1 is life-like. */
  readonly #speed: number
  readonly #workMs: number
  readonly #jobs = new Map<string, Job>()
  readonly #current = new WeakMap<SandboxServer, Operation>()
  readonly #throttled = new WeakSet<SandboxServer>()

  /** @param workMs how long the machine's controller takes, whatever the speed. null: as in life */
  constructor(clock: Clock, speed: number, workMs: number | null = null) {
    this.#clock = clock
    this.#speed = speed
    this.#workMs = workMs ?? WORK_MS / speed
  }

  /** Whether the cloud has had enough of requests about this server. It has so once. */
  throttles(server: SandboxServer): boolean {
    if (server.fixture.powerFault !== 'throttled-once' || this.#throttled.has(server)) return false
    this.#throttled.add(server)
    return true
  }

  /** @returns the job's id */
  begin(projectId: string, servers: readonly SandboxServer[], command: PowerCommand): string {
    const id = randomUUID().replaceAll('-', '')
    const operations = servers.map((server) => this.operate(server, command))
    this.#jobs.set(id, { projectId, begun: this.#clock.now(), operations })
    return id
  }

  operate(server: SandboxServer, command: PowerCommand): Operation {
    const operation: Operation = {
      id: randomUUID().replaceAll('-', ''),
      server,
      begun: this.#clock.now(),
      status: 'INIT',
      ended: null,
    }
    this.#current.set(server, operation)
    server.task = tasks[command]
    this.#clock.after(INIT_MS / this.#speed, () => {
      operation.status = 'RUNNING'
      if (server.fixture.powerFault === 'never-ends') return
      this.#clock.after(this.#workMs, () => this.#end(operation, command))
    })
    return operation
  }

  #end(operation: Operation, command: PowerCommand): void {
    const { server } = operation
    const fails = server.fixture.powerFault === 'fails'
    operation.status = fails ? 'FAIL' : 'SUCCESS'
    operation.ended = this.#clock.now()
    // A forced reboot may have taken the place of one that hangs.
    if (this.#current.get(server) !== operation) return
    server.task = null
    if (fails) return
    switch (command) {
      case 'on':
        return server.machine.powerOn()
      case 'off':
        return server.machine.powerOff()
      case 'soft':
      case 'hard':
        return server.machine.reset()
    }
  }

  /**
   * A job as "Querying Task Statuses" describes it.
   * https://docs.otc.t-systems.com/bare-metal-server/api-ref/bms_apis/task_management/querying_task_statuses.html
   * @returns null where the project has no such job
   */
  job(projectId: string, id: string) {
    const job = this.#jobs.get(id)
    if (!job || job.projectId !== projectId) return null
    const { operations, begun } = job
    const has = (status: Operation['status']) => operations.some((operation) => operation.status === status)
    const ends = operations.map(({ ended }) => ended)
    const status = operations.every((operation) => operation.status === 'INIT')
      ? 'INIT'
      : has('INIT') || has('RUNNING')
        ? 'RUNNING'
        : has('FAIL')
          ? 'FAIL'
          : 'SUCCESS'
    const over = status === 'SUCCESS' || status === 'FAIL'
    return {
      status,
      entities: { sub_jobs_total: operations.length, sub_jobs: operations.map(subJob) },
      job_id: id,
      job_type: 'baremetalBatchOperate',
      begin_time: new Date(begun).toISOString(),
      end_time: over ? new Date(Math.max(begun, ...ends.map((end) => end ?? 0))).toISOString() : '',
      ...reason(status),
    }
  }
}

const subJob = ({ id, server, status, begun, ended }: Operation) => ({
  status,
  entities: { server_id: server.fixture.id },
  job_id: id,
  job_type: 'baremetalSingleOperate',
  begin_time: new Date(begun).toISOString(),
  end_time: ended === null ? '' : new Date(ended).toISOString(),
  ...reason(status),
})

const reason = (status: Operation['status']) =>
  status === 'FAIL'
    ? {
        error_code: 'BMS.0006',
        fail_reason: 'Fail to operate baremetal server. The management controller does not answer.',
      }
    : { error_code: null, fail_reason: null }
