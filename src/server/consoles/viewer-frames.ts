import { ViewerMessage } from '../../shared/relay-protocol.ts'

/** What a page sends without a click. */
export const isOften = (message: ViewerMessage) =>
  message.type === 'ack' || message.type === 'answer' || message.type === 'heard' || message.type === 'size'

export function parseMessage(data: Buffer): ViewerMessage | null {
  try {
    return ViewerMessage.safeParse(JSON.parse(data.toString('utf8'))).data ?? null
  } catch {
    return null
  }
}

/**
 * Empties a message's list of fragments. `ws` makes the list when the message before has come, so as a rule V8 counts it
 * as old by now, and an old object that is dead keeps what it has until the next large collection: 200 bytes of each key.
 */
export function takeOut(fragments: Buffer[]): Buffer {
  const [only] = fragments
  const bytes = only && fragments.length === 1 ? only : Buffer.concat(fragments)
  fragments.length = 0
  return bytes
}
