import { request as httpRequest } from 'node:http'
import type { Clock } from '../../../shared/clock.ts'
import type { HostPort } from '../../environment.ts'
import { answerOf } from './answer.ts'
import { connectLink } from './connect.ts'
import type { LinkSecret } from './secret.ts'

/** A replica that ends does not wait longer for another. */
const ANSWER_MS = 8_000

export interface Question {
  /** One of the hosts that the server has */
  host: string
  path: string
  body: unknown
}

/**
 * Asks another replica for something itself, and not for a client.
 * @returns the status of the answer
 * @throws LinkError
 */
export async function askReplica(
  address: HostPort,
  { host, path, body }: Question,
  { secret, clock }: { secret: LinkSecret; clock: Clock },
): Promise<number> {
  const link = await connectLink(address, { from: { address: '127.0.0.1', port: 0 } }, { secret, clock })
  const cancel = clock.after(ANSWER_MS, () => link.destroy())
  try {
    const text = JSON.stringify(body)
    const asked = httpRequest({
      createConnection: () => link,
      method: 'POST',
      path,
      headers: {
        host,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
        connection: 'close',
      },
    })
    asked.end(text)
    const answer = await answerOf(asked)
    return answer.statusCode ?? 0
  } finally {
    cancel()
    link.destroy()
  }
}
