import { once } from 'node:events'
import { WebSocketServer } from 'ws'

/** A gateway in the place of the sandbox's, whose machine says what no shell of the sandbox can be made to say. */
export async function startLine(
  address: string,
  { greets, answers }: { greets: string; answers: string },
): Promise<{ close: () => Promise<void> }> {
  const { hostname, port } = new URL(`ws://${address}`)
  const server = new WebSocketServer({ host: hostname, port: Number(port), perMessageDeflate: false })
  await once(server, 'listening')
  server.on('connection', (viewer) => {
    viewer.on('message', () => viewer.send(Buffer.from(answers)))
    viewer.send(Buffer.from(greets))
  })
  return {
    async close() {
      for (const viewer of server.clients) viewer.terminate()
      server.close()
      await once(server, 'close')
    },
  }
}
