import type { EndReason } from '../../shared/recording.ts'

/** The reason in English, for what has no page to translate it: a recording's file and the audit log. */
export function inWords(why: EndReason): string {
  switch (why.kind) {
    case 'stopped':
      return `${why.by} stopped it.`
    case 'session-ended':
      return `The session ended: ${why.cause}.`
    case 'nobody-there':
      return 'Nobody is there.'
    case 'shut-down':
      return 'The server was shut down.'
    case 'killed':
      return 'The server ended during the recording.'
    case 'size-limit':
      return `The recording reached its limit of ${why.mib} MiB.`
    case 'not-written':
      return `The recording could not be written (${why.code}).`
    case 'no-log':
      return 'The log of the line cannot be opened.'
    case 'typed-not-written':
      return `What was typed could not be written (${why.code}).`
    case 'typed-lost':
      return `${why.bytes} bytes of what was typed could not be written.`
  }
}

/** The same twice, as a recording's facts have it. */
export const ended = (why: EndReason) => ({ reason: inWords(why), why })
