import type { Cause } from '../../shared/cause.ts'

/** With these causes a line fails as its neighbours do. */
const common: ReadonlySet<Cause> = new Set<Cause>([
  'gateway-unreachable',
  'cloud-unreachable',
  'cloud-timeout',
  'cloud-error',
  'throttled',
])
/** So many in a row are no accident. */
const IN_A_ROW = 5
/** How often one line tries for all of its project. */
const PROBE_MS = 10_000

interface Row {
  failed: number
  /** When a line of it asked last */
  askedAt: number
}

/**
 * Knows in which projects nothing can be had at the moment: their gateway or cloud is away. If each line found that out
 * for itself, an outage would use up the budget, and the lines would stay away long after it.
 */
export class Outages {
  readonly #rows = new Map<string, Row>()

  /** Whether one line asks for all of this project. */
  isUnder(project: string): boolean {
    return (this.#rows.get(project)?.failed ?? 0) >= IN_A_ROW
  }

  /** When a line of it may ask */
  from(project: string): number {
    const row = this.#rows.get(project)
    return row && this.isUnder(project) ? row.askedAt + PROBE_MS : Number.NEGATIVE_INFINITY
  }

  asked(project: string, now: number): void {
    const row = this.#rows.get(project)
    if (row) row.askedAt = now
  }

  /** A line asked, and did not get a connection. @returns whether its neighbours would fare no better */
  failed(project: string, cause: Cause, now: number): boolean {
    if (!common.has(cause)) return false
    const row = this.#rows.get(project) ?? { failed: 0, askedAt: now }
    row.failed += 1
    this.#rows.set(project, row)
    return true
  }

  /** A line of it has a connection. @returns whether that ends an outage */
  opened(project: string): boolean {
    const over = this.isUnder(project)
    this.#rows.delete(project)
    return over
  }
}
