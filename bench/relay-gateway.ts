import { once } from 'node:events'
import { connect } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import { serialSource } from './serial-source.ts'

// The hop that exists with and without the relay: a serial port on TCP, and a WebSocket gateway in front of it. It runs
// in its own process, as in real life.

const port = (address: unknown) =>
  typeof address === 'object' && address !== null && 'port' in address ? Number(address.port) : 0

const source = serialSource().listen(0, '127.0.0.1')
await once(source, 'listening')
/** A benchmark that ends the gateway brings it back at its old place. */
const place = Number(process.env.BENCH_GATEWAY_PORT ?? 0)
const gateway = new WebSocketServer({ host: '127.0.0.1', port: place, perMessageDeflate: false })
await once(gateway, 'listening')
gateway.on('connection', (viewer) => {
  const serial = connect({ port: port(source.address()), host: '127.0.0.1', noDelay: true })
  serial.on('data', (data) => {
    viewer.send(data, { binary: true })
    if (viewer.bufferedAmount < 1024 * 1024) return
    serial.pause()
    const wait = () => {
      if (viewer.readyState !== WebSocket.OPEN || viewer.bufferedAmount < 256 * 1024) serial.resume()
      else setImmediate(wait)
    }
    wait()
  })
  viewer.on('message', (data: Buffer) => serial.write(data))
  viewer.on('close', () => serial.destroy())
  viewer.on('error', () => serial.destroy())
  serial.on('error', () => viewer.terminate())
})
process.send?.({ gatewayPort: port(gateway.address()), serialPort: port(source.address()) })
process.on('disconnect', () => process.exit())
