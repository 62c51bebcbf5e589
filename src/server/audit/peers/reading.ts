import type { AuditStep } from '../audit.ts'

/** A search in the audit logs of all replicas, or in the only one */
export interface AuditReading {
  /** To be read once */
  search: AsyncIterable<AuditStep>
  readonly kept: 'memory' | 'file'
  readonly unwritten: number
  /** A replica is away that may have more. */
  readonly away: boolean
}

/** A download from which a replica goes away ends as one that is cut off. */
export async function* uncut(reading: AuditReading): AsyncGenerator<AuditStep> {
  const { away } = reading
  const check = () => {
    if (reading.away !== away) throw new Error('A replica went away whose audit log is being read.')
  }
  for await (const step of reading.search) {
    check()
    yield step
  }
  check()
}
