import * as z from 'zod/mini'

/** A console that people have open, on a line that this server holds */
export const OpenConsole = z.object({
  serverId: z.string(),
  session: z.string(),
  /** The name of the person who has the keyboard; null: nobody has it */
  writer: z.nullable(z.string()),
  /** The asker has the keyboard, in this tab or another. False where nobody signs in: there all look the same. */
  yours: z.boolean(),
  /** Everybody on the line, the writer among them. A person with two tabs counts twice. */
  viewers: z.number(),
  /** Since when its writer is there, or the first of its viewers where nobody has the keyboard; ISO 8601 */
  since: z.string(),
})
export type OpenConsole = z.infer<typeof OpenConsole>

/** The link to a console's direct line that was given out last. Whether the line is still up, nobody here knows. */
export const GivenLink = z.object({
  serverId: z.string(),
  /** The person's name */
  name: z.string(),
  yours: z.boolean(),
  /** When it was given; ISO 8601 */
  since: z.string(),
})
export type GivenLink = z.infer<typeof GivenLink>

export const OpenConsoles = z.object({
  consoles: z.array(OpenConsole),
  /** False: browsers connect to the gateways themselves, and nobody here knows who does. */
  known: z.boolean(),
  links: z.array(GivenLink),
})
export type OpenConsoles = z.infer<typeof OpenConsoles>
