import { openDirect } from './direct.ts'
import { openRelay } from './relay.ts'
import type { OpenTransport } from './transport.ts'

/** Opens the line the way that the server chose for it. */
export const openTransport: OpenTransport = (issued, resume, handlers) => {
  switch (issued.transport) {
    case 'direct':
      return openDirect(issued.url, handlers)
    case 'relay':
      return openRelay(issued, resume, handlers)
  }
}
