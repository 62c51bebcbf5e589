/**
 * The right to write to a line's gateway. A serial gateway checks nothing of the kind, so whoever writes asks right
 * before: a process that stood still goes on in the middle of its work.
 */
export interface LineLease {
  /** Whether it can be relied on at this moment. */
  readonly good: boolean
}

/** Where there is one process, nobody else can have the line. */
export const alwaysGood: LineLease = { good: true }
