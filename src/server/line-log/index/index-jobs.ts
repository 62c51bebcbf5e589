import { z } from 'zod'

/** What the index's worker starts with. */
export const IndexSetup = z.object({ path: z.string() })

/** A line's next blocks. */
export const IndexJob = z.object({
  line: z.string(),
  /** The first of them, and the one after the last */
  first: z.number(),
  next: z.number(),
  /** Where the bytes are, oldest first. What no file has was not kept. */
  files: z.array(z.object({ path: z.string(), from: z.number(), bytes: z.number() })),
})
export type IndexJob = z.infer<typeof IndexJob>

/** What the worker says: once what it covers, then that a job is done. */
export const IndexAnswer = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('open'),
    lines: z.array(z.object({ name: z.string(), first: z.number(), next: z.number() })),
  }),
  z.object({ kind: z.literal('done') }),
  z.object({ kind: z.literal('failed'), detail: z.string() }),
])
export type IndexAnswer = z.infer<typeof IndexAnswer>
