// A session's id begins with the name of the server process that opened it: its boot. A page then knows by the id of its
// new session that BMS Console was restarted, however it ended, and the relay knows a session of an earlier boot.

/** @param boot without a dot */
export const sessionIdOf = (boot: string, name: string) => `${boot}.${name}`

/** @returns null where the id is none of ours */
export function bootOf(sessionId: string): string | null {
  const dot = sessionId.indexOf('.')
  return dot > 0 ? sessionId.slice(0, dot) : null
}

/** Whether both ids are sessions, but of two boots. */
export function bootsDiffer(one: string, other: string): boolean {
  const [first, second] = [bootOf(one), bootOf(other)]
  return first !== null && second !== null && first !== second
}
