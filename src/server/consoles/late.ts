/** A timer that comes so late shows that this process stood still, and has read nothing meanwhile. */
export const LATE_MS = 5_000
