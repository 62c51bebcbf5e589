import { connect, type TLSSocket } from 'node:tls'
import type { Clock } from '../../../shared/clock.ts'
import type { HostPort } from '../../environment.ts'
import { errorCode } from '../../error-code.ts'
import { LinkError } from './link-error.ts'
import { type Preface, prefaceLine } from './preface.ts'
import type { LinkSecret } from './secret.ts'

/** Replicas are near each other. One that takes longer is not there. */
const CONNECT_MS = 1_000
/** A replica whose machine is gone is found sooner or later, also by a link on which nothing is said. */
const KEEP_ALIVE_MS = 10_000

/**
 * Connects to another replica, and writes the first line.
 * @throws LinkError `unreachable`
 */
export function connectLink(
  address: HostPort,
  preface: Preface,
  { secret, clock }: { secret: LinkSecret; clock: Clock },
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...secret.client, ...address })
    const fail = (why: string) => {
      cancel()
      socket.destroy()
      reject(new LinkError('unreachable', why))
    }
    const cancel = clock.after(CONNECT_MS, () => fail(`no answer in ${CONNECT_MS} ms`))
    // It stays: an error without a listener would end the process.
    socket.on('error', (error) => fail(errorCode(error)))
    socket.once('close', () => fail('closed'))
    socket.once('secureConnect', () => {
      cancel()
      socket.setNoDelay(true)
      socket.setKeepAlive(true, KEEP_ALIVE_MS)
      socket.write(prefaceLine(preface))
      resolve(socket)
    })
  })
}
