import type { Failure } from '../../shared/cause.ts'
import type { Identity } from '../sign-in/identity.ts'

/** Holds a session open with nobody there. */
export interface Holder {
  /** The service's own: links are asked in its name. */
  identity: Identity
  /** The line has a connection. */
  opened(): void
  /**
   * The line was lost with nobody there, so nobody waits for it.
   * @param begin is called when it may ask for a link; it calls back when it has asked
   */
  lost(failure: Failure, begin: (asked: () => void) => void): PatientTry
  /** The session is over. */
  ended(failure: Failure): void
}

/** A try that nobody waits for. */
export interface PatientTry {
  /** How long it takes at least, ms */
  wait: number
  cancel(): void
}
