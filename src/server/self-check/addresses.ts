import { lookup } from 'node:dns/promises'
import type { Config } from '../config.ts'
import { parseGatewayPattern } from '../consoles/gateway-url.ts'
import { byReach, givesLinks } from '../consoles/transport-choice.ts'
import { errorCode } from '../error-code.ts'
import type { Dialler } from '../outbound/dialler.ts'
import { shownAt, targetOf } from '../outbound/proxies.ts'
import { whyUnreached } from '../outbound/reach.ts'
import type { Finding } from './finding.ts'

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

/** Which way lines take, and why */
export function checkTransport({
  transport,
  relayNeeds,
}: Pick<Config['console'], 'transport' | 'relayNeeds'>): Finding {
  const ways = {
    relay: 'relay: this server connects to the gateways, browsers never do.',
    direct: 'direct: browsers connect to the gateways. Nothing is shared, recorded or limited.',
    auto:
      relayNeeds.length > 0
        ? `auto: always the relay, because of ${relayNeeds.join(', ')}.`
        : 'auto: the relay. Only where this server finds no way to a gateway, a browser gets the link.',
  }
  return { state: 'ok', about: 'transport', says: ways[transport] }
}

/** Whether the gateways answer. A wildcard names no host that could be asked. */
export async function* checkGateways(
  console: Pick<Config['console'], 'gateways' | 'transport' | 'relayNeeds'>,
  dialler: Dialler,
): AsyncGenerator<Finding> {
  const about = 'gateway'
  for (const gateway of console.gateways) {
    const pattern = parseGatewayPattern(gateway)
    if (!pattern || pattern.wildcard) {
      const says = `${gateway}: any host of this domain. Name a server, and its console is tried.`
      yield { state: 'warning', about, says }
      continue
    }
    // A named port may be ws or wss: whether it is open is all that can be asked of it.
    const target = targetOf(new URL(pattern.port === null ? `wss://${gateway}` : `ws://${gateway}`))
    const why = await whyUnreached(dialler, target)
    if (!why) yield { state: 'ok', about, says: `${shownAt(target)} answers.` }
    else if (console.transport === 'auto' && givesLinks(console) && byReach(why.fault) === 'unreached') {
      const says = `${why.message} Browsers get the links of its consoles: nothing is shared or kept there.`
      yield { state: 'warning', about, says }
    } else yield { state: 'wrong', about, says: why.message }
  }
}
