import pino from 'pino'
import type { Config } from '../config.ts'
import type { Dialler } from '../outbound/dialler.ts'
import type { OpenedCloud } from '../start.ts'
import { checkGateways, checkOrigins, checkTransport } from './addresses.ts'
import { checkCertificate } from './certificate.ts'
import { checkCloud, checkConsole } from './cloud.ts'
import type { Finding } from './finding.ts'
import { checkFolders } from './folders.ts'
import { checkReplicas } from './replicas.ts'

export interface SelfCheckOptions {
  config: Config
  cloud: OpenedCloud
  dialler: Dialler
  /** The server to open the console of. null: none is opened */
  serverId: string | null
}

/** Tries what the server needs, and says what is wrong before users do. It ends as soon as all is tried. */
export async function* selfCheck(options: SelfCheckOptions): AsyncGenerator<Finding> {
  const { config, cloud: opened, dialler, serverId } = options
  yield { state: 'ok', about: 'settings', says: 'All are valid.' }
  yield checkTransport(config.console)
  yield* checkOrigins(config)
  yield* checkCertificate(config)
  yield* checkFolders(config)
  // What it finds is its answer, and nothing else.
  yield* checkReplicas(config, pino({ enabled: false }))
  const gateways = opened.gateways ?? config.console.gateways
  yield* checkGateways({ ...config.console, gateways }, dialler)
  if (config.signIn.mode === 'iam' && !config.watch) {
    const says = `Users sign in to ${opened.cloudName} with their own accounts: sign in to try it.`
    yield { state: 'warning', about: 'cloud', says }
    return
  }
  const cloud = opened.cloud()
  try {
    yield await checkCloud(cloud, opened.cloudName)
    if (serverId !== null) {
      const pages = config.console.transport === 'direct' ? (config.publicOrigins ?? []) : []
      yield* checkConsole(serverId, cloud, { gateways, dialler, pages })
    }
  } finally {
    await cloud.close()
  }
}
