import { randomUUID } from 'node:crypto'
import type { ViewerMessage } from '../shared/relay-protocol.ts'

type Resume = Extract<ViewerMessage, { type: 'resume' }>

/** The first message of a page that was just loaded: it wants all output, and types on a stream of its own. */
export const resumeWith = (ticket: string, client: string, rest: Partial<Resume> = {}): Resume => ({
  type: 'resume',
  ticket,
  client,
  offset: null,
  input: { stream: randomUUID(), known: 0 },
  before: null,
  ...rest,
})
