import { connect, createServer, type Socket } from 'node:net'
import type { SpliceState } from './messages.ts'
import { probe } from './probe.js'

// The least that can stand between viewers and a gateway: it passes bytes on, and knows nothing of them.

const [host, port] = (process.env.LOAD_GATEWAY ?? '').split(':')

const server = createServer({ noDelay: true }, (viewer) => {
  const gateway = connect({ host, port: Number(port), noDelay: true })
  passOn(viewer, gateway)
  passOn(gateway, viewer)
})

function passOn(from: Socket, to: Socket): void {
  from.on('data', (bytes) => to.write(bytes))
  from.on('error', () => {})
  from.on('close', () => to.destroy())
}

process.on('message', () => process.send?.({ probed: probe() } satisfies SpliceState))
process.on('disconnect', () => process.exit())
server.listen({ host: '127.0.0.1', port: 0, backlog: 4_096 }, () => {
  const address = server.address()
  process.send?.({ port: typeof address === 'object' ? address?.port : 0 })
})
