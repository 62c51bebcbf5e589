import * as z from 'zod/mini'

/** What is looked for in a line's log: a phrase as it was typed, or a regular expression of JavaScript with the flag `u`. */
export const LogQuery = z.object({
  text: z.string().check(z.minLength(1), z.maxLength(200)),
  regex: z.boolean(),
  matchCase: z.boolean(),
})
export type LogQuery = z.infer<typeof LogQuery>

/** A line of the log in which it was found: plain text, without colours. It may be cut on both sides. */
export const LogMatch = z.object({
  /** The offset of the line's first byte */
  at: z.number(),
  before: z.string(),
  match: z.string(),
  after: z.string(),
})
export type LogMatch = z.infer<typeof LogMatch>
