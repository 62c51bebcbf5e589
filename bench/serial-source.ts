import { createServer, type Socket } from 'node:net'

/**
 * A serial port on TCP, like QEMU's and many BMCs'. It echoes what is typed. `F<bytes>\n` makes it send that many bytes
 * as fast as the reader takes them.
 */
export function serialSource() {
  const block = Buffer.alloc(64 * 1024, 'The quick brown fox jumps over the lazy dog. 0123456789\r\n')
  return createServer({ noDelay: true }, (socket) => {
    socket.on('data', (data) => {
      if (data[0] === 0x46) flood(socket, Number(data.toString('latin1', 1)), block)
      else socket.write(data)
    })
    socket.on('error', () => {})
  })
}

function flood(socket: Socket, bytes: number, block: Buffer): void {
  let left = bytes
  const more = () => {
    while (left > 0) {
      const part = left >= block.length ? block : block.subarray(0, left)
      left -= part.length
      if (!socket.write(part)) {
        socket.once('drain', more)
        return
      }
    }
  }
  more()
}
