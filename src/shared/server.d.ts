import * as z from 'zod/mini'
import type { Cause } from './cause.ts'
/** A bare-metal server as every cloud's client gives it to the page. */
export declare const Server: z.ZodMiniObject<
  {
    id: z.ZodMiniString<string>
    name: z.ZodMiniString<string>
    status: z.ZodMiniEnum<{
      active: 'active'
      building: 'building'
      deleted: 'deleted'
      error: 'error'
      rebooting: 'rebooting'
      stopped: 'stopped'
      unknown: 'unknown'
    }>
    power: z.ZodMiniEnum<{
      off: 'off'
      on: 'on'
      unknown: 'unknown'
    }>
    task: z.ZodMiniNullable<
      z.ZodMiniEnum<{
        other: 'other'
        'powering-off': 'powering-off'
        'powering-on': 'powering-on'
        rebooting: 'rebooting'
      }>
    >
    os: z.ZodMiniObject<
      {
        windowsConsole: z.ZodMiniBoolean<boolean>
        family: z.ZodMiniEnum<{
          linux: 'linux'
          unknown: 'unknown'
          windows: 'windows'
        }>
        image: z.ZodMiniNullable<z.ZodMiniString<string>>
      },
      z.core.$strip
    >
    addresses: z.ZodMiniArray<
      z.ZodMiniObject<
        {
          address: z.ZodMiniString<string>
          version: z.ZodMiniUnion<readonly [z.ZodMiniLiteral<4>, z.ZodMiniLiteral<6>]>
          kind: z.ZodMiniEnum<{
            fixed: 'fixed'
            floating: 'floating'
          }>
          mac: z.ZodMiniNullable<z.ZodMiniString<string>>
        },
        z.core.$strip
      >
    >
    zone: z.ZodMiniNullable<z.ZodMiniString<string>>
    flavor: z.ZodMiniObject<
      {
        name: z.ZodMiniString<string>
        vcpus: z.ZodMiniNullable<z.ZodMiniNumber<number>>
        memoryMiB: z.ZodMiniNullable<z.ZodMiniNumber<number>>
        diskGiB: z.ZodMiniNullable<z.ZodMiniNumber<number>>
      },
      z.core.$strip
    >
    tags: z.ZodMiniArray<z.ZodMiniString<string>>
    locked: z.ZodMiniBoolean<boolean>
    region: z.ZodMiniNullable<z.ZodMiniString<string>>
    project: z.ZodMiniNullable<
      z.ZodMiniObject<
        {
          id: z.ZodMiniString<string>
          name: z.ZodMiniNullable<z.ZodMiniString<string>>
        },
        z.core.$strip
      >
    >
    enterpriseProject: z.ZodMiniNullable<z.ZodMiniString<string>>
    created: z.ZodMiniNullable<z.ZodMiniString<string>>
  },
  z.core.$strip
>
export type Server = z.infer<typeof Server>
export declare const PowerAction: z.ZodMiniEnum<{
  'hard-reboot': 'hard-reboot'
  'power-off': 'power-off'
  'power-on': 'power-on'
  reboot: 'reboot'
}>
export type PowerAction = z.infer<typeof PowerAction>
/** Whether a person may try a console, and if not why; `caution` when it may be refused all the same. */
export type ConsoleAvailability =
  | {
      offered: true
      caution: 'os-unknown' | null
    }
  | {
      offered: false
      cause: Extract<Cause, 'unsupported-os'>
    }
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
export type PowerAvailability =
  | {
      offered: true
    }
  | {
      offered: false
      why: PowerObstacle
    }
/**
 * The rules about a server's state live here once: the page disables with a reason what the proxy would
 * refuse before it asks the cloud.
 */
export declare const serverCan: {
  /**
   * Windows BMSs have no serial console (Huawei Cloud BMS API reference, "Obtaining the remote login address").
   * A stopped machine has one: its line is silent until it is powered on, which is worth watching.
   */
  openConsole(server: Pick<Server, 'os'>): ConsoleAvailability
  /** What the cloud would not do, or need not. What the cloud does not tell of is offered: its own answer decides. */
  power(server: Pick<Server, 'status' | 'power' | 'task' | 'locked'>, action: PowerAction): PowerAvailability
}
