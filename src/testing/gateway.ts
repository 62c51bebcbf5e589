import { once } from 'node:events'
import { WebSocketServer } from 'ws'

/** A gateway's WebSocket server on a free port of loopback. */
export async function listeningGateway(): Promise<WebSocketServer> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })
  await once(server, 'listening')
  return server
}

/** @returns host:port */
export function addressOf(gateway: WebSocketServer): string {
  const address = gateway.address()
  if (address === null || typeof address === 'string') throw new Error('A WebSocket server has a port.')
  return `127.0.0.1:${address.port}`
}
