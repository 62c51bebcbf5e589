import type { PowerAction, Server } from '../../shared/server.ts'

/** What was seen of a server since the cloud accepted an action. A cloud without jobs reports nothing else. */
export interface Effect {
  looks: number
  /** The cloud was seen at work on it. */
  atWork: boolean
  /** In so many looks since then it was not. */
  idle: number
}

export const noEffect: Effect = { looks: 0, atWork: false, idle: 0 }

/** If a reboot's task was not seen in so many looks, the reboot was too quick to be seen. */
const UNSEEN_LOOKS = 6
/** A cloud may say that it has stopped a moment before it says what has changed. */
const IDLE_LOOKS = 3

/**
 * @returns what is known now, or that the action has had its effect, or that the cloud worked on it and has stopped with
 * nothing changed
 */
export function hasHappened(
  action: PowerAction,
  server: Server,
  before: Effect,
): Effect | 'happened' | 'nothing-changed' {
  const working = server.task !== null || server.status === 'rebooting'
  const now: Effect = {
    looks: before.looks + 1,
    atWork: before.atWork || working,
    idle: before.atWork && !working ? before.idle + 1 : 0,
  }
  if (working) return now
  const unchanged = now.idle >= IDLE_LOOKS ? 'nothing-changed' : now
  switch (action) {
    case 'power-on':
      return server.power === 'on' ? 'happened' : unchanged
    case 'power-off':
      return server.power === 'off' ? 'happened' : unchanged
    case 'reboot':
    case 'hard-reboot':
      return now.atWork || now.looks >= UNSEEN_LOOKS ? 'happened' : now
    case 'nmi':
      return 'happened'
  }
}
