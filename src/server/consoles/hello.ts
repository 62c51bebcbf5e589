import type { RelayMessage } from '../../shared/relay-protocol.ts'
import type { LineLog, Place } from '../line-log/line-log.ts'
import type { Member } from './members.ts'
import type { Greeting } from './session-input.ts'

type Hello = Extract<RelayMessage, { type: 'hello' }>

interface Joined {
  session: string
  log: LineLog
  /** Where the viewer goes on */
  place: Place
  /** The line's */
  size: Hello['size']
  greeting: Greeting
}

/** The first message to a viewer: where it is, and what it may do. */
export const helloTo = (member: Member, { session, log, place, size, greeting }: Joined): Hello => ({
  type: 'hello',
  session,
  offset: log.end,
  replayFrom: member.cursor.position,
  began: log.began,
  ...(log.follows === null ? {} : { follows: log.follows }),
  ...(place.goesOn ? { goesOnAt: place.from } : {}),
  ...(log.inLog ? { inLog: true } : {}),
  ackBytes: Math.floor(log.window / 4),
  you: member.id,
  may: { write: member.mayWrite, record: member.mayRecord, end: member.mayEnd },
  size,
  ...greeting,
})
