import { vi } from 'vitest'
import type { FromWorker, ToWorker } from '../../web/console/transport/line-socket.ts'
import { openSocket, type Socket } from '../../web/console/transport/socket.ts'

/** A browser's WebSocket */
export class FakeSocket {
  static readonly OPEN = 1
  static readonly CLOSED = 3
  static latest: FakeSocket
  static made = 0
  /** The browser opens none, and says so at once. */
  static refuses: Error | null = null
  readyState = 0
  bufferedAmount = 0
  readonly sent: (string | Uint8Array)[] = []
  onopen = () => {}
  onmessage = (_: { data: unknown }) => {}
  onerror = () => {}
  onclose = (_: { code: number; reason: string }) => {}

  constructor(
    readonly url: string,
    readonly protocols: string[],
  ) {
    if (FakeSocket.refuses) throw FakeSocket.refuses
    FakeSocket.latest = this
    FakeSocket.made += 1
  }

  send(data: string | Uint8Array) {
    this.sent.push(data)
    this.bufferedAmount += typeof data === 'string' ? 0 : data.length
  }

  close() {
    this.readyState = FakeSocket.CLOSED
  }

  opens() {
    this.readyState = FakeSocket.OPEN
    this.onopen()
  }

  saysText(text: string) {
    this.onmessage({ data: text })
  }

  /** The connection fails, or ends. */
  fails(code = 1006, reason = '') {
    this.readyState = FakeSocket.CLOSED
    this.onerror()
    this.onclose({ code, reason })
  }
}

/** The worker that reads the line, without a thread of its own */
class SameThread {
  #listener: (event: { data: FromWorker }) => void = () => {}
  #socket: Socket | null = null
  onerror = () => {}

  set onmessage(listener: (event: { data: FromWorker }) => void) {
    this.#listener = listener
    this.#tell({ type: 'ready' })
  }

  postMessage(message: ToWorker) {
    switch (message.type) {
      case 'open':
        this.#socket = openSocket(message.address, {
          onOpen: () => this.#tell({ type: 'opened' }),
          onBytes: (bytes) => this.#tell({ type: 'bytes', lot: [bytes.slice().buffer] }),
          onText: (text) => this.#tell({ type: 'text', text }),
          onSilent: (forMs) => this.#tell({ type: 'silent', forMs }),
          onClosed: (end) => this.#tell({ type: 'closed', ...end }),
        })
        return
      case 'text':
        return this.#socket?.sendText(message.text)
      case 'bytes':
        return this.#socket?.sendBytes(new Uint8Array(message.bytes))
      case 'close':
        return this.#socket?.close()
    }
  }

  terminate() {}

  #tell(data: FromWorker) {
    this.#listener({ data })
  }
}

/** The browser around the socket, for as long as a test takes. `vi.unstubAllGlobals` takes it away. */
export function stubBrowser(page = 'http://console.test') {
  FakeSocket.refuses = null
  FakeSocket.made = 0
  const events = new EventTarget()
  vi.stubGlobal('addEventListener', events.addEventListener.bind(events))
  vi.stubGlobal('removeEventListener', events.removeEventListener.bind(events))
  vi.stubGlobal('WebSocket', FakeSocket)
  vi.stubGlobal('Worker', SameThread)
  const { origin, protocol } = new URL(page)
  vi.stubGlobal('location', { origin, protocol })
  vi.stubGlobal('navigator', { onLine: true })
  return {
    /** The page's policy forbids an address. */
    forbids(blockedURI: string) {
      const violation = Object.assign(new Event('securitypolicyviolation'), {
        effectiveDirective: 'connect-src',
        blockedURI,
      })
      events.dispatchEvent(violation)
    },
  }
}
