import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fixture } from '../list-pages.ts'

/** A cloud that knows any server, and whose consoles lead to one gateway. */
export async function startCloud() {
  let gateway = ''
  let calls = 0
  const server = createServer((request, response) => {
    calls += 1
    const id = /baremetalservers\/([\w-]+)/.exec(request.url ?? '')?.[1] ?? ''
    const url = `ws://${gateway}/?token=${id}`
    response.end(
      JSON.stringify(
        request.method === 'POST'
          ? { remote_console: { type: 'serial', protocol: 'serial', url } }
          : { server: { ...fixture, id, name: id } },
      ),
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    leadTo(address: string): void {
      gateway = address
    },
    /** How often it was asked */
    get calls(): number {
      return calls
    },
    close(): void {
      server.closeAllConnections()
      server.close()
    },
  }
}
