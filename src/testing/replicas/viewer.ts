import { once } from 'node:events'
import { expect, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { IssuedConsole, paths } from '../../shared/api.ts'
import { BEAT } from '../../shared/beat.ts'
import { RELAY_SUBPROTOCOL, RelayMessage } from '../../shared/relay-protocol.ts'
import { resumeWith } from '../resume.ts'

type Headers = Record<string, string>

/** Asks for a console at a replica. @param headers besides the origin: who asks */
export async function ticketAt(origin: string, serverId = 'server-1', headers: Headers = {}) {
  const response = await fetch(origin + paths.issueConsole(serverId), {
    method: 'POST',
    headers: { origin, ...headers },
  })
  const issued = IssuedConsole.parse(await response.json())
  if (issued.transport !== 'relay') throw new Error('not a relay')
  return issued
}

/** Joins at a replica with a ticket, as a page does. */
export async function joinAt(
  origin: string,
  { session, ticket }: { session: string; ticket: string },
  client: string,
  headers: Headers = {},
) {
  const socket = new WebSocket(origin.replace('http', 'ws') + paths.relay(session), RELAY_SUBPROTOCOL, {
    origin,
    headers,
  })
  onTestFinished(() => socket.terminate())
  const viewer = {
    socket,
    output: '',
    messages: [] as RelayMessage[],
    said: <T extends RelayMessage['type']>(type: T) =>
      viewer.messages.filter(
        (message): message is Extract<RelayMessage, { type: T }> => message.type === type,
      ),
    typed: (keys: string) => socket.send(Buffer.from(keys), { binary: true }),
    send: (message: object) => socket.send(JSON.stringify(message)),
  }
  socket.on('error', () => {})
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) viewer.output += data.toString('latin1')
    else if (String(data) !== BEAT) viewer.messages.push(RelayMessage.parse(JSON.parse(String(data))))
  })
  await once(socket, 'open')
  viewer.send(resumeWith(ticket, client))
  await expect.poll(() => viewer.messages.length, { timeout: 10_000 }).toBeGreaterThan(0)
  return viewer
}
