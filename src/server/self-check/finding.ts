/** What the self check found out about one thing. */
export interface Finding {
  state: 'ok' | 'warning' | 'wrong'
  /** What was looked at, in a word or two */
  about: string
  /** A sentence. It holds no secret. */
  says: string
}

const marks = { ok: 'ok     ', warning: 'warning', wrong: 'WRONG  ' } as const

/** One line for a terminal */
export const shownFinding = ({ state, about, says }: Finding): string =>
  `  ${marks[state]}  ${about.padEnd(13)} ${says}`
