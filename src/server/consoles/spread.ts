/** Viewers that move come back within this time for each of them, in ms, and at most within that. */
const EACH_MS = 10
const MOST_MS = 1_000

/** Over which time so many viewers come back who are all told at once, ms */
export const spreadOf = (viewers: number): number => Math.min(MOST_MS, viewers * EACH_MS)
