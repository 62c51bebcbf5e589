import type { Cloud } from '../../server/clouds/cloud.ts'
import { sharedCloud } from '../../server/clouds/snapshot.ts'
import type { Identity } from '../../server/sign-in/identity.ts'
import { systemClock } from '../../shared/clock.ts'
import type { ServerAttachments } from '../../shared/server-attachments.ts'
import type { Role } from '../../shared/user.ts'

const notAsked = async () => {
  throw new Error('not asked for')
}

/** A server without cards and volumes */
export const nothingAttached: ServerAttachments = {
  nics: { known: true, items: [] },
  volumes: { known: true, items: [] },
}

/** For tests: a cloud that must not be asked. */
export const silentCloud: Cloud = {
  listServers: notAsked,
  getServer: notAsked,
  attachments: notAsked,
  remoteConsole: notAsked,
  power: notAsked,
  powerJob: notAsked,
  async close() {},
}

/** For tests: somebody who is signed in. */
export const person = (name: string, role: Role = 'operator', cloud: Cloud = silentCloud): Identity => ({
  user: { id: `test:${name}`, name, role },
  cloud: sharedCloud(cloud, systemClock),
  cloudDecides: false,
  tenancy: null,
  signIn: name,
})
