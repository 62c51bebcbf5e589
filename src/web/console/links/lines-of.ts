import type { OpenConsole } from '../use-console.ts'
import type { LinesHere } from './line-link.ts'

export const linesOf = ({ session, terminal, older }: OpenConsole): LinesHere => ({
  rows: terminal.rows,
  times: session.times,
  older,
  session: session.sharedSession,
})
