import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import * as z from 'zod/mini'
import { start } from '../relay-lines.ts'

// What the parts of the load benchmark tell each other. Each part is a process of its own, as in real life.

const Pauses = z.object({ times: z.number(), ms: z.number(), longestMs: z.number() })

/** Where the time of a process went since it was asked last */
export const Probed = z.object({
  /** Since the start, ms of a core, those of all threads */
  cpuMs: z.number(),
  /** How late the event loop was at most */
  longestMs: z.number(),
  /** The same in 99 of 100 times */
  lateMs: z.number(),
  /** How long the main thread was ready to run and had no core; NaN where the system does not say */
  coreWaitMs: z.union([z.number(), z.nan()]),
  /** V8's garbage collections, which hold up all else */
  pauses: z.record(z.string(), Pauses),
})
export type Probed = z.infer<typeof Probed>

/** The gateway: so many of its machines say so much a second, from the first on. 0: none does. */
export const GatewayOrder = z.object({ speakers: z.number(), bytesPerSecond: z.number() })
export type GatewayOrder = z.infer<typeof GatewayOrder>
export const GatewayState = z.object({
  connected: z.number(),
  /** What its machines said unasked, bytes */
  said: z.number(),
  probed: Probed,
})

/** What stands between viewers and gateway where the relay does not */
export const SpliceState = z.object({ probed: Probed })
export type SpliceState = z.infer<typeof SpliceState>

/** How long health took at most, ms, and how often it was not well */
export const HealthState = z.object({ longest: z.number(), refused: z.number() })
export type HealthState = z.infer<typeof HealthState>

export const ViewersOrder = z.discriminatedUnion('do', [
  /** Opens a console for each server from `first` on, so many at once. */
  z.object({ do: z.literal('open'), first: z.number(), count: z.number(), atOnce: z.number() }),
  /**
   * Opens lines that lead around the relay, so that what the relay adds can be told from what this machine does. Those
   * that were open are closed.
   */
  z.object({ do: z.literal('lead-around'), address: z.string(), count: z.number() }),
  z.object({ do: z.literal('type'), on: z.boolean() }),
  /** The first so many read nothing; 0: all read. */
  z.object({ do: z.literal('stop-reading'), count: z.number() }),
  z.object({ do: z.literal('tell') }),
])
export type ViewersOrder = z.infer<typeof ViewersOrder>

const Echo = z.object({ count: z.number(), p50: z.number(), p99: z.number(), longest: z.number() })

export const ViewersState = z.object({
  consoles: z.number(),
  /** Lines that are open now */
  open: z.number(),
  /** Keys that were typed, that came back, that the relay gave back, and that arrived at a gateway which was gone then */
  typed: z.number(),
  echoed: z.number(),
  dropped: z.number(),
  unanswered: z.number(),
  /** Keys that still wait for either, and keys whose fate the relay has told */
  waiting: z.number(),
  told: z.number(),
  /** What machines said unasked, and what viewers were told that they missed of it, bytes */
  heard: z.number(),
  missed: z.number(),
  /** Since the last `tell`, of those who read */
  echo: Echo,
  /** The same, on the lines without the relay */
  directEcho: Echo,
  probed: Probed,
  /** How often there was what must not be, and the first few of it in words */
  errors: z.number(),
  wrong: z.array(z.string()),
})
export type ViewersState = z.infer<typeof ViewersState>

export const RelayOrder = z.discriminatedUnion('do', [
  z.object({ do: z.literal('tell'), collect: z.boolean() }),
  /** The machine's clock is set. */
  z.object({ do: z.literal('set-clock'), byMs: z.number() }),
])
export type RelayOrder = z.infer<typeof RelayOrder>

export const RelayState = z.object({
  rss: z.number(),
  /** What was resident at the most since the start */
  peak: z.number(),
  /** What of it is V8's young generation: as large as the traffic needs, whatever the number of sessions */
  youngBytes: z.number(),
  probed: Probed,
})

const Started = z.object({ port: z.number() })

/** Starts a part, which tells its port once it is there. */
export async function startPart(
  file: string,
  env: Record<string, string> = {},
): Promise<{ child: ChildProcess; port: number }> {
  const child = start(file, env, [])
  return { child, ...(await heard(child, Started)) }
}

/** Tells a part something, and waits for its answer. */
export function tell<T>(child: ChildProcess, order: object, schema: z.ZodMiniType<T>): Promise<T> {
  const answer = heard(child, schema)
  child.send(order)
  return answer
}

/** @throws Error where the part ends instead */
export async function heard<T>(child: ChildProcess, schema: z.ZodMiniType<T>): Promise<T> {
  const waiting = new AbortController()
  const { signal } = waiting
  try {
    const message = await Promise.race([
      once(child, 'message', { signal }).then(([message]) => message),
      once(child, 'exit', { signal }).then(([code]) => {
        throw new Error(`A part of the benchmark ended (${code}).`)
      }),
    ])
    return schema.parse(message)
  } finally {
    waiting.abort()
  }
}
