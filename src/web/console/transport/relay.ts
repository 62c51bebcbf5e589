import type { IssuedConsole } from '../../../shared/api.ts'
import { steadyClock } from '../../../shared/clock.ts'
import {
  BEARER_SUBPROTOCOL,
  MARKS,
  MAX_ANSWER,
  RELAY_SUBPROTOCOL,
  type RelayMessage,
  type ResumePoint,
  readRelayMessage,
  TIMES,
  type ViewerMessage,
} from '../../../shared/relay-protocol.ts'
import { sameSize, type TerminalSize } from '../../../shared/terminal-size.ts'
import { access } from '../../api/access.ts'
import { paths } from '../../api/paths.ts'
import { tabSecret } from './client.ts'
import { lineLost } from './line-lost.ts'
import { openLineSocket } from './line-socket.ts'
import type { OutputPoint, Resume, Transport, TransportHandlers } from './transport.ts'

/**
 * The page acknowledges at least this often while it takes anything in. The relay waits for a slow page, and not for
 * one that hangs.
 */
const ACK_MS = 1_000

/** Connects to our relay. The token stays on the server, and the page acknowledges what it has shown. */
export function openRelay(
  { session, ticket }: Extract<IssuedConsole, { transport: 'relay' }>,
  { output, input, before, size }: Resume,
  handlers: TransportHandlers,
): Transport {
  const offset = output?.session === session ? output.offset : null
  const earlier = output && offset === null ? { earlier: earlierPoints(output) } : {}
  const url = location.origin.replace(/^http/, 'ws') + paths.relay(session)
  let joined = false
  /** The number of the next byte that is typed */
  let next = 0
  let you = ''
  /** What the relay was told; null: it knows of no sizes */
  let toldSize: TerminalSize | null = null
  let muted = false
  /** The relay's line sent bytes before we came. */
  let spoke = false
  /** The terminal has taken in all bytes below. */
  let taken = 0
  /** The last offset that was acknowledged. */
  let acknowledged = 0
  let acknowledgedAt = steadyClock.now()
  let ackBytes = 0
  const tell = (message: ViewerMessage) => socket.sendText(JSON.stringify(message))
  const fail: TransportHandlers['onFailed'] = (failure) => {
    socket.close()
    handlers.onFailed(failure)
  }
  const receive = (message: RelayMessage) => {
    switch (message.type) {
      case 'hello': {
        const { replayFrom, began = 0 } = message
        const lacked = offset ?? message.goesOnAt
        joined = true
        next = message.input.next
        you = message.you
        spoke = message.offset > began
        muted = replayFrom < message.offset
        taken = replayFrom
        acknowledged = replayFrom
        ackBytes = message.ackBytes
        handlers.onRelay({
          type: 'joined',
          session,
          may: message.may,
          replayFrom,
          began,
          follows: message.follows ?? null,
          ...(message.inLog === undefined ? {} : { inLog: message.inLog }),
          lostBytes: lacked === undefined ? null : replayFrom - lacked,
          line: message.line,
          input: message.input,
          before: message.before,
        })
        if (message.size === undefined) return
        toldSize = size
        return handlers.onRelay({ type: 'size', size: message.size })
      }
      case 'live':
        muted = false
        return
      case 'state':
        switch (message.gateway) {
          case 'opening':
            return handlers.onRelay({ type: 'line-opening', failure: message.failure })
          case 'open':
            handlers.onOpen(spoke, message.line)
            return
          case 'lost':
            spoke = false
            tell({ type: 'heard' })
            return handlers.onRelay({
              type: 'line-lost',
              failure: message.failure,
              retryInMs: message.retryInMs,
            })
        }
        return
      case 'gap':
        taken += message.lostBytes
        return handlers.onRelay(message)
      case 'viewers':
        return handlers.onRelay({ ...message, you })
      case 'seam':
        return handlers.onRelay({ ...message, why: message.why ?? 'line-lost' })
      case 'times':
      case 'taken':
      case 'dropped':
      case 'warning':
      case 'recording':
      case 'size':
      case 'marks':
        return handlers.onRelay(message)
      case 'beat':
        // The socket answers it.
        return
      case 'closing':
        joined = false
        if (message.input !== undefined && message.input < next)
          handlers.onRelay({
            type: 'dropped',
            from: message.input,
            to: next,
            why: 'line-lost',
            fate: 'never-sent',
          })
        return fail(message.failure)
    }
  }
  const address = { url, protocols: subprotocols(), beats: true }
  const socket = openLineSocket(address, {
    onOpen: () =>
      void tabSecret().then((client) =>
        tell({
          type: 'resume',
          ticket,
          client,
          offset,
          ...earlier,
          input,
          before,
          size,
          knows: [TIMES, MARKS],
        }),
      ),
    onBytes: (bytes) => handlers.onBytes(bytes, muted),
    onText(text) {
      const read = readRelayMessage(text)
      if (read.kind === 'message') receive(read.message)
      else if (read.kind === 'damaged')
        fail({ cause: 'protocol-error', detail: 'The relay sent a message that this page cannot read.' })
    },
    onSilent: handlers.onSilent,
    onClosed({ code, why }) {
      joined = false
      handlers.onFailed(
        why === 'silent'
          ? lineLost('relay-silent', code, 'Nothing came for 30 s.')
          : lineLost('proxy-unreachable', code),
      )
    },
  })
  return {
    send(bytes) {
      if (!joined) return false
      next += bytes.length
      socket.sendBytes(bytes)
      return true
    },
    answer: (text) => tell({ type: 'answer', text: text.slice(0, MAX_ANSWER) }),
    consumed(bytes) {
      taken += bytes
      const now = steadyClock.now()
      if (taken - acknowledged < ackBytes && now - acknowledgedAt < ACK_MS) return
      acknowledged = taken
      acknowledgedAt = now
      tell({ type: 'ack', offset: taken })
    },
    tell,
    resized(own) {
      if (!toldSize || sameSize(own, toldSize)) return
      toldSize = own
      tell({ type: 'size', ...own })
    },
    retry: () => tell({ type: 'retry' }),
    close: socket.close,
  }
}

function earlierPoints({ session, offset, began, follows }: OutputPoint): ResumePoint[] {
  const own = { session, offset }
  return follows === null ? [own] : [own, { session: follows, offset: Math.min(offset, began) }]
}

/** The relay accepts the first. The second carries the bearer, since a browser's WebSocket has no headers. */
function subprotocols(): string[] {
  const shown = access.get()
  const bearer = shown.by === 'bearer' ? shown.bearer : null
  return bearer === null ? [RELAY_SUBPROTOCOL] : [RELAY_SUBPROTOCOL, BEARER_SUBPROTOCOL + bearer]
}
