import { lookup } from 'node:dns/promises'
import type { Config } from '../config.ts'
import { parseGatewayPattern } from '../consoles/gateway-url.ts'
import { errorCode } from '../error-code.ts'
import type { Dialler } from '../outbound/dialler.ts'
import { shownAt, type Target, targetOf } from '../outbound/proxies.ts'
import type { Finding } from './finding.ts'

const CONNECT_MS = 5_000

/** Whether browsers find this server by its own names. */
export async function* checkOrigins({
  publicOrigins,
  basePath,
  signIn,
  tls,
}: Pick<Config, 'publicOrigins' | 'basePath' | 'signIn' | 'tls'>): AsyncGenerator<Finding> {
  const about = 'page'
  if (basePath) {
    const says = `All is below ${basePath}/: a proxy in front must leave that path in what it passes on.`
    yield { state: 'ok', about, says }
  }
  if (!publicOrigins) {
    yield { state: 'ok', about, says: 'Only browsers on this machine reach it (loopback).' }
    return
  }
  for (const origin of publicOrigins) {
    try {
      await lookup(targetOf(new URL(origin)).hostname)
      yield { state: 'ok', about, says: `${origin}: the name is known.` }
    } catch (error) {
      const says = `${origin}: this machine does not know the name (${errorCode(error)}). Browsers may.`
      yield { state: 'warning', about, says }
    }
  }
  const behindProxy = !tls && publicOrigins.some((origin) => origin.startsWith('https:'))
  if (behindProxy && signIn.trustedProxies.length === 0) {
    const says =
      'BMS_CONSOLE_TRUSTED_PROXIES is not set: behind a proxy all clients have its address, and share its limits.'
    yield { state: 'warning', about: 'proxy', says }
  }
}

/** Whether the gateways answer. A wildcard names no host that could be asked. */
export async function* checkGateways(gateways: readonly string[], dialler: Dialler): AsyncGenerator<Finding> {
  const about = 'gateway'
  for (const gateway of gateways) {
    const pattern = parseGatewayPattern(gateway)
    if (!pattern || pattern.wildcard) {
      const says = `${gateway}: any host of this domain. Name a server, and its console is tried.`
      yield { state: 'warning', about, says }
      continue
    }
    // A named port may be ws or wss: whether it is open is all that can be asked of it.
    const target = targetOf(new URL(pattern.port === null ? `wss://${gateway}` : `ws://${gateway}`))
    const fault = await faultOf(dialler, target)
    yield fault === null
      ? { state: 'ok', about, says: `${shownAt(target)} answers.` }
      : { state: 'wrong', about, says: fault }
  }
}

/** @returns why the connection fails; null: it is there */
function faultOf(dialler: Dialler, target: Target): Promise<string | null> {
  const dialling = dialler.dial(target)
  return new Promise((resolve) => {
    const late = setTimeout(() => {
      dialling.abandon()
      end(dialling.late(CONNECT_MS).message)
    }, CONNECT_MS)
    const end = (fault: string | null) => {
      clearTimeout(late)
      resolve(fault)
    }
    const watch = (socket: ReturnType<typeof dialling.connect>) => {
      if (!socket) return
      const opened = () => {
        socket.destroy()
        end(null)
      }
      socket.on('error', (error) => end(dialling.failed(error).message))
      // Through a proxy, a connection without TLS is there when it is handed over.
      if (!target.secure && !socket.connecting) return opened()
      socket.once(target.secure ? 'secureConnect' : 'connect', opened)
    }
    watch(
      dialling.connect((error, socket) => {
        if (error) end(dialling.failed(error).message)
        else watch(socket)
      }),
    )
  })
}
