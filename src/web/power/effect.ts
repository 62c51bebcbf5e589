import type { PowerAction, Server } from '../../shared/server.ts'

/** What was seen of a server since the cloud accepted an action. A cloud without jobs reports nothing else. */
export interface Effect {
  looks: number
  /** The cloud was seen at work on it. */
  atWork: boolean
}

export const noEffect: Effect = { looks: 0, atWork: false }

/** If a reboot's task was not seen in so many looks, the reboot was too quick to be seen. */
const UNSEEN_LOOKS = 6

/** @returns what is known now, or that the action has had its effect */
export function hasHappened(action: PowerAction, server: Server, before: Effect): Effect | 'happened' {
  const working = server.task !== null || server.status === 'rebooting'
  const now: Effect = { looks: before.looks + 1, atWork: before.atWork || working }
  if (working) return now
  switch (action) {
    case 'power-on':
      return server.power === 'on' ? 'happened' : now
    case 'power-off':
      return server.power === 'off' ? 'happened' : now
    case 'reboot':
    case 'hard-reboot':
      return now.atWork || now.looks >= UNSEEN_LOOKS ? 'happened' : now
    case 'nmi':
      return 'happened'
  }
}
