import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { missingPackages } from '../../src/sandbox/machines/tied-process.ts'
import { GatewaySocket } from '../../src/server/consoles/gateway-socket.ts'
import { Dialler } from '../../src/server/outbound/dialler.ts'
import { steadyClock } from '../../src/shared/clock.ts'
import { heard } from './lab.ts'
import { freePort, run } from './tools.ts'

const missing = missingPackages(['websockify']).length > 0 && process.env.LAB_REQUIRED !== '1'

// nova-serialproxy is made of websockify, so its pongs are what receipts are made of.
it.skipIf(missing)(
  'proves by pongs what websockify has read, also while its serial port reads nothing',
  async () => {
    const ports: Socket[] = []
    const serial = createServer((socket) => void ports.push(socket.pause())).listen(0, '127.0.0.1')
    await once(serial, 'listening')
    const gatewayPort = await freePort()
    const { port } = serial.address() as AddressInfo
    const websockify = run('websockify', [`127.0.0.1:${gatewayPort}`, `127.0.0.1:${port}`])
    onTestFinished(async () => {
      gateway.close()
      await websockify.stop()
      for (const socket of ports) socket.destroy()
      serial.close()
    })
    await heard(websockify, gatewayPort, '')
    const proofs: string[] = []
    const waiting: (() => void)[] = []
    let open = () => {}
    const opened = new Promise<void>((resolve) => {
      open = resolve
    })
    const gateway = new GatewaySocket(
      `ws://127.0.0.1:${gatewayPort}/`,
      {
        onOpen: () => open(),
        onBytes() {},
        onWritten() {},
        onProved: (count, proof) => {
          proofs.push(`${count} ${proof}`)
          waiting.shift()?.()
        },
        onEnd() {},
      },
      new Dialler(),
      { clock: steadyClock },
    )
    await opened
    let typed = 0
    for (const bytes of [4, 1, 16 * 1024]) {
      const proved = new Promise<void>((resolve) => {
        waiting.push(resolve)
      })
      gateway.send(Buffer.alloc(bytes, 'x'))
      typed += bytes
      await proved
      expect(proofs.at(-1)).toBe(`${typed} pong`)
    }
  },
)
