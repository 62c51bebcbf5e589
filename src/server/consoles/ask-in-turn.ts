import type { Cause } from '../../shared/cause.ts'
import { type Cloud, CloudError } from '../clouds/cloud.ts'
import type { Identity } from '../sign-in/identity.ts'

/** With these causes the cloud refuses one user; it may let another in. */
const personalRefusals: ReadonlySet<Cause> = new Set<Cause>(['no-permission', 'signed-out', 'sign-in-needed'])

export const isPersonalRefusal = (error: unknown): error is CloudError =>
  error instanceof CloudError && personalRefusals.has(error.failure.cause)

/**
 * Asks in the name of one after the other, until the cloud lets one in. Users who share one cloud get the same answer,
 * so it is asked once.
 * @throws CloudError
 */
export async function askInTurn<T>(
  identities: readonly Identity[],
  ask: (cloud: Cloud) => Promise<T>,
): Promise<T> {
  let refusal = new CloudError({
    cause: 'sign-in-needed',
    detail: 'The sign-in that opened this console has ended.',
  })
  for (const cloud of new Set(identities.map((each) => each.cloud))) {
    try {
      return await ask(cloud)
    } catch (error) {
      if (!isPersonalRefusal(error)) throw error
      refusal = error
    }
  }
  throw refusal
}
