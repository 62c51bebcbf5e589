/**
 * `unreachable`: the other replica never got the request, so it may be handled in another way. `cut`: it may have, and
 * nobody knows what came of it. `not-owner`: it has the request, and says that the line is not its own any more.
 */
export type LinkFault = 'unreachable' | 'cut' | 'not-owner'

/** A request did not come through to another replica. */
export class LinkError extends Error {
  override readonly name = 'LinkError'
  constructor(
    readonly fault: LinkFault,
    /** For the log */
    why: string,
  ) {
    super(`${fault}: ${why}`)
  }
}
