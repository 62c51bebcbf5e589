import type { WebSocket } from 'ws'
import { addressOf, listeningGateway } from '../src/testing/gateway.ts'

/** What websockify reads at once from a busy serial port */
const FRAME_BYTES = 64 * 1024
/** "Where is the cursor?" (DSR 6). The answer comes back only when all before it is parsed. CAN ends what was left open. */
const QUESTION = Buffer.from('\x18\x1b[6n')
const ANSWER = /\x1b\[(\d+);(\d+)R/

interface Answer {
  /** Since the first byte was sent */
  ms: number
  row: number
  column: number
}

/** A gateway whose machine says what a benchmark tells it, to the page that connected last. */
export async function startTalkingGateway() {
  const server = await listeningGateway()
  let viewer: WebSocket | undefined
  let onAnswer: (row: number, column: number) => void = () => {}
  server.on('connection', (connected) => {
    viewer = connected
    connected.on('message', (data: Buffer) => {
      const found = ANSWER.exec(data.toString('latin1'))
      if (found) onAnswer(Number(found[1]), Number(found[2]))
    })
  })

  return {
    host: addressOf(server),
    /** Resolves when the page has parsed all of it. */
    async say(text: Buffer): Promise<Answer> {
      const to = viewer
      if (!to) throw new Error('No page is connected.')
      const begun = performance.now()
      const answered = new Promise<Answer>((resolve) => {
        onAnswer = (row, column) => resolve({ ms: performance.now() - begun, row, column })
      })
      const send = (data: Buffer) => new Promise<void>((sent) => to.send(data, () => sent()))
      for (let at = 0; at < text.length; at += FRAME_BYTES) {
        const sent = send(text.subarray(at, at + FRAME_BYTES))
        if (to.bufferedAmount > 1024 * 1024) await sent
      }
      await send(QUESTION)
      return answered
    },
    close(): void {
      for (const client of server.clients) client.terminate()
      server.close()
    },
  }
}
