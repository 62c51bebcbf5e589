import type { Clock } from '../../shared/clock.ts'
import { type Cloud, CloudError } from '../clouds/cloud.ts'
import type { CloudAccount, IdentityService } from '../clouds/identity-service.ts'
import type { CloudOperation, Meter } from './meter.ts'

/** Tells of a call, and passes its answer or failure on. */
type Ask = <T>(operation: CloudOperation, call: () => Promise<T>) => Promise<T>

const asking =
  (told: Meter['asked'], clock: Clock): Ask =>
  async (operation, call) => {
    const begun = clock.now()
    const over = (cause: Parameters<Meter['asked']>[2]) => told(operation, clock.now() - begun, cause)
    try {
      const answer = await call()
      over(null)
      return answer
    } catch (error) {
      over(error instanceof CloudError ? error.failure.cause : 'proxy-error')
      throw error
    }
  }

/** The same cloud. @param told hears of each call, once it has ended */
export function meteredCloud(cloud: Cloud, told: Meter['asked'], clock: Clock): Cloud {
  return countedCloud(cloud, asking(told, clock))
}

function countedCloud(cloud: Cloud, ask: Ask): Cloud {
  return {
    listServers: (want) => ask('list', () => cloud.listServers(want)),
    getServer: (id) => ask('server', () => cloud.getServer(id)),
    attachments: (id) => ask('attachments', () => cloud.attachments(id)),
    remoteConsole: (id) => ask('console', () => cloud.remoteConsole(id)),
    power: (id, action) => ask('power', () => cloud.power(id, action)),
    powerJob: (id, job) => ask('power-job', () => cloud.powerJob(id, job)),
    close: () => cloud.close(),
  }
}

/** The same users. @param told hears of their sign-ins, and of what their clouds are asked */
export function meteredIdentity(
  service: IdentityService,
  told: Meter['asked'],
  clock: Clock,
): IdentityService {
  const ask = asking(told, clock)
  const counted = (account: CloudAccount): CloudAccount => ({
    user: account.user,
    kept: account.kept,
    leftMs: () => account.leftMs(),
    projects: () => ask('projects', () => account.projects()),
    async open(keys) {
      const opened = await account.open(keys)
      return opened.map((part) => ({
        where: part.where,
        project: part.project,
        roles: () => part.roles(),
        cloud: countedCloud(part.cloud, ask),
      }))
    },
    close: () => account.close(),
    leave: () => account.leave(),
  })
  return {
    name: service.name,
    domain: service.domain,
    domainTerm: service.domainTerm,
    signIn: async (credentials) => counted(await ask('sign-in', () => service.signIn(credentials))),
    resume: async (kept) => counted(await ask('sign-in', () => service.resume(kept))),
    close: () => service.close(),
  }
}
