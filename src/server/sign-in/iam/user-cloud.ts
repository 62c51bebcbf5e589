import type { Failure } from '../../../shared/cause.ts'
import { type Cloud, CloudError } from '../../clouds/cloud.ts'

/** For a user whose token the cloud refuses. `signed-out` would blame this server's own credentials. */
export const signedOutByCloud: Failure = {
  cause: 'sign-in-needed',
  detail: 'The cloud no longer accepts this sign-in.',
}

/** An answer of the cloud to a user. If it no longer accepts the user, the sign-in ends, and the failure says so. */
export async function whileSignedIn<T>(answer: Promise<T>, onSignedOut: () => void): Promise<T> {
  try {
    return await answer
  } catch (error) {
    if (!(error instanceof CloudError && error.failure.cause === 'signed-out')) throw error
    onSignedOut()
    throw new CloudError(signedOutByCloud)
  }
}

/** The cloud with a user's own rights. */
export function userCloud(cloud: Cloud, onSignedOut: () => void): Cloud {
  const guarded = <T>(answer: Promise<T>) => whileSignedIn(answer, onSignedOut)
  return {
    async listServers(want) {
      const list = await guarded(cloud.listServers(want))
      // Other projects answer, so the user is signed in. This project is not for them.
      const missing = list.missing.map(({ where, failure }) => ({
        where,
        failure: failure.cause === 'signed-out' ? { ...failure, cause: 'no-permission' as const } : failure,
      }))
      return { ...list, missing }
    },
    getServer: (id) => guarded(cloud.getServer(id)),
    attachments: (id) => guarded(cloud.attachments(id)),
    remoteConsole: (id) => guarded(cloud.remoteConsole(id)),
    power: (id, action) => guarded(cloud.power(id, action)),
    powerJob: (id, job) => guarded(cloud.powerJob(id, job)),
    close: () => cloud.close(),
  }
}
