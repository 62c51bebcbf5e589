import type { ClientRequest, IncomingMessage } from 'node:http'
import { LinkError } from './link-error.ts'

/**
 * The answer to a request that went over a link.
 * @throws LinkError `cut`
 */
export function answerOf(asked: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    asked.once('response', resolve)
    asked.on('error', (error) => reject(new LinkError('cut', error.message)))
  })
}
