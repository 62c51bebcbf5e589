import type { Failure } from '../../shared/cause.ts'
import { type Clock, systemClock } from '../../shared/clock.ts'
import { type Cloud, CloudError } from '../clouds/cloud.ts'
import { GatewaySocket } from '../consoles/gateway-socket.ts'
import { issueLink } from '../consoles/link.ts'
import type { Dialler } from '../outbound/dialler.ts'
import type { Finding } from './finding.ts'

/** A gateway that refuses a token hangs up at once. */
const HANG_UP_MS = 2_000

/** Whether the cloud takes this server's credentials, and what it shows. */
export async function checkCloud(cloud: Cloud, name: string): Promise<Finding> {
  const about = 'cloud'
  try {
    const { servers, missing } = await cloud.listServers()
    const shown = `${name} shows ${servers.length} ${servers.length === 1 ? 'server' : 'servers'}.`
    const [first] = missing
    return first
      ? { state: 'warning', about, says: `${shown} ${first.where} is missing: ${saidOf(first.failure)}` }
      : { state: 'ok', about, says: shown }
  } catch (error) {
    return { state: 'wrong', about, says: `${name}: ${saidOfError(error)}` }
  }
}

interface ConsoleCheck {
  gateways: readonly string[]
  dialler: Dialler
  /** The origins whose pages connect to gateways themselves */
  pages: readonly string[]
  clock?: Clock
}

/**
 * Opens a server's console as the relay does, and closes it again; then as each page does that connects to gateways
 * itself. A person who has it open now may lose it.
 */
export async function* checkConsole(
  serverId: string,
  cloud: Cloud,
  { gateways, dialler, pages, clock = systemClock }: ConsoleCheck,
): AsyncGenerator<Finding> {
  const about = 'console'
  // A link may open a console once only, so each try has its own.
  const open = async (origin: string | null) => {
    const { url, serverName } = await issueLink(cloud, gateways, serverId)
    return { serverName, host: new URL(url).host, fault: await faultOf(url, dialler, clock, origin) }
  }
  try {
    const { serverName, host, fault } = await open(null)
    if (fault !== null) {
      yield { state: 'wrong', about, says: `${serverName}: ${fault}` }
      return
    }
    yield { state: 'ok', about, says: `${serverName}: the gateway ${host} opened its console.` }
    for (const origin of pages) {
      const page = await open(origin)
      yield page.fault === null
        ? { state: 'ok', about, says: `${serverName}: the gateway takes pages of ${origin}.` }
        : {
            state: 'wrong',
            about,
            says: `${serverName}: the gateway refuses pages of ${origin}. Allow that origin there (Nova: [console] allowed_origins), or use the relay.`,
          }
    }
  } catch (error) {
    yield { state: 'wrong', about, says: `${serverId}: ${saidOfError(error)}` }
  }
}

/**
 * @param url holds the token: it is in no answer
 * @param origin of the page that seems to ask; null: none does
 * @returns null: it is open, and stays so
 */
function faultOf(url: string, dialler: Dialler, clock: Clock, origin: string | null): Promise<string | null> {
  return new Promise((resolve) => {
    let cancel = () => {}
    const end = (fault: string | null) => {
      cancel()
      socket.close()
      resolve(fault)
    }
    const socket = new GatewaySocket(
      url,
      {
        onOpen: () => {
          cancel = clock.after(HANG_UP_MS, () => end(null))
        },
        onBytes: () => end(null),
        onWritten() {},
        onProved() {},
        onEnd: (ended) =>
          end(
            ended.kind === 'closed'
              ? 'The gateway hung up at once. It refuses the token, or the machine’s host is down.'
              : ended.detail,
          ),
      },
      dialler,
      { clock, origin },
    )
  })
}

const saidOf = ({ cause, detail }: Failure) => detail ?? `${cause}.`

const saidOfError = (error: unknown) =>
  error instanceof CloudError ? saidOf(error.failure) : 'BMS Console failed.'
