import type { IssuedConsole } from '../../../shared/api.ts'
import { access } from '../../api/access.ts'
import { openDirect } from './direct.ts'
import { openRelay } from './relay.ts'
import type { OpenTransport, SeenOutput } from './transport.ts'

interface LineOpener {
  /** Loads what the way to the line needs. */
  ready(issued: IssuedConsole): Promise<IssuedConsole>
  open: OpenTransport
}

/** Opens the line of one console the way that the server chooses for it. */
export function lineOpener(server: string): LineOpener {
  let seen: SeenOutput | null = null
  let shown = false
  return {
    async ready(issued) {
      // An embedded page belongs to a portal, and knows nothing of who signs in and out there.
      const keeps = issued.transport === 'direct' && access.get().by === 'cookie'
      seen = keeps
        ? await import('../seen/seen-lines.ts').then(
            ({ seenOf }) => seenOf(server),
            () => null,
          )
        : null
      return issued
    },
    open(issued, resume, handlers) {
      if (issued.transport === 'relay') return openRelay(issued, resume, handlers)
      const line = openDirect(issued.url, handlers, seen)
      // Later: who opens a line has it before it speaks. The terminal of a line that was lost shows what it showed.
      if (!shown) queueMicrotask(() => seen?.showAgain(handlers))
      shown = true
      return line
    },
  }
}
