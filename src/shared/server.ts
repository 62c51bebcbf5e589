import * as z from 'zod/mini'
import type { Cause } from './cause.ts'
import { Role } from './user.ts'

/**
 * A server's id as it may come from outside. Every known cloud uses UUIDs or something alike; anything else is refused
 * before it is put into the path of a request to the cloud.
 */
export const ServerId = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/, 'not a server id'))

/** A project of the cloud: a tenant. */
export const ProjectRef = z.object({ id: z.string(), name: z.nullable(z.string()) })
export type ProjectRef = z.infer<typeof ProjectRef>

/** A bare-metal server as every cloud's client gives it to the page. */
export const Server = z.object({
  id: z.string(),
  name: z.string(),
  /** Lifecycle, from the cloud's `status`. */
  status: z.enum(['active', 'stopped', 'building', 'rebooting', 'error', 'deleted', 'unknown']),
  /** The cloud's own word for a status that is `unknown` here, e.g. `PAUSED` */
  cloudStatus: z.optional(z.string()),
  power: z.enum(['on', 'off', 'unknown']),
  /** What the cloud is doing to it right now */
  task: z.nullable(z.enum(['rebooting', 'powering-on', 'powering-off', 'other'])),
  os: z.object({
    /** Whether the cloud has a serial console for Windows. */
    windowsConsole: z.boolean(),
    family: z.enum(['linux', 'windows', 'unknown']),
    /** Image name, e.g. "Debian 12". */
    image: z.nullable(z.string()),
  }),
  addresses: z.array(
    z.object({
      address: z.string(),
      version: z.union([z.literal(4), z.literal(6)]),
      kind: z.enum(['fixed', 'floating']),
      mac: z.nullable(z.string()),
    }),
  ),
  zone: z.nullable(z.string()),
  flavor: z.object({
    name: z.string(),
    vcpus: z.nullable(z.number()),
    memoryMiB: z.nullable(z.number()),
    diskGiB: z.nullable(z.number()),
  }),
  tags: z.array(z.string()),
  locked: z.boolean(),
  region: z.nullable(z.string()),
  project: z.nullable(ProjectRef),
  /** The reader's role in its project. Absent: the reader has one role for all. */
  role: z.optional(Role),
  /** The id of Huawei Cloud's grouping across projects */
  enterpriseProject: z.nullable(z.string()),
  /** ISO 8601 */
  created: z.nullable(z.string()),
  /** Its line is held open with nobody there. */
  watched: z.optional(z.boolean()),
})
export type Server = z.infer<typeof Server>

/** `nmi`: a non-maskable interrupt, at which most operating systems write a crash dump and restart. */
export const PowerAction = z.enum(['power-on', 'power-off', 'reboot', 'hard-reboot', 'nmi'])
export type PowerAction = z.infer<typeof PowerAction>

/** Whether the page offers a console. `caution` says why the cloud may still refuse it. */
export type ConsoleAvailability =
  | { offered: true; caution: 'os-unknown' | null }
  | { offered: false; cause: Extract<Cause, 'unsupported-os'> }

/** Why a power action makes no sense at the moment. */
export type PowerObstacle =
  | 'already-on'
  | 'already-off'
  | 'powered-off'
  | 'task-under-way'
  | 'locked'
  | 'building'
  | 'deleted'
  | 'in-error'

export type PowerAvailability = { offered: true } | { offered: false; why: PowerObstacle }

/**
 * The rules about a server's state, in one place. By them the page disables a button and gives the reason, and the
 * server refuses a request before it asks the cloud.
 */
export const serverCan = {
  /**
   * Windows BMSs have no serial console (Huawei Cloud BMS API reference, "Obtaining the remote login address").
   * A stopped machine has one: its line is silent until it is powered on, which is worth watching.
   */
  openConsole(server: Pick<Server, 'os'>): ConsoleAvailability {
    if (server.os.windowsConsole) return { offered: true, caution: null }
    switch (server.os.family) {
      case 'windows':
        return { offered: false, cause: 'unsupported-os' }
      case 'unknown':
        return { offered: true, caution: 'os-unknown' }
      case 'linux':
        return { offered: true, caution: null }
    }
  },
  /** An action is not offered when the cloud would refuse or ignore it. With an unknown state the cloud decides. */
  power(
    server: Pick<Server, 'status' | 'power' | 'task' | 'locked'>,
    action: PowerAction,
  ): PowerAvailability {
    const why = powerObstacle(server, action)
    return why === null ? { offered: true } : { offered: false, why }
  },
}

function powerObstacle(
  { status, power, task, locked }: Pick<Server, 'status' | 'power' | 'task' | 'locked'>,
  action: PowerAction,
): PowerObstacle | null {
  if (status === 'deleted') return 'deleted'
  if (status === 'building') return 'building'
  if (locked) return 'locked'
  const rebooting = status === 'rebooting' || task === 'rebooting'
  // A forced reboot helps when a reboot hangs, and Nova allows it (compute/task_states.py, ALLOW_REBOOT).
  if ((rebooting || task !== null) && !(rebooting && action === 'hard-reboot')) return 'task-under-way'
  switch (action) {
    case 'power-on':
      return power === 'on' ? 'already-on' : null
    case 'power-off':
      return power === 'off' ? 'already-off' : null
    case 'reboot':
      if (power === 'off') return 'powered-off'
      // Nova refuses a soft reboot of a server in error (compute/vm_states.py, ALLOW_SOFT_REBOOT).
      return status === 'error' ? 'in-error' : null
    case 'hard-reboot':
    case 'nmi':
      return power === 'off' ? 'powered-off' : null
  }
}
