import { type PowerAction, type PowerObstacle, type Server, serverCan } from '../../shared/server.ts'
import { type Role, roleMay } from '../../shared/user.ts'

/** Why a server is left out of an action. */
export type Obstacle = PowerObstacle | 'role-forbids'

/** @param role the reader's where the server tells none of its own; null: nobody is signed in */
export function obstacleOf(server: Server, action: PowerAction, role: Role | null): Obstacle | null {
  const own = server.role ?? role
  if (own === null || !roleMay(own, 'power')) return 'role-forbids'
  const availability = serverCan.power(server, action)
  return availability.offered ? null : availability.why
}

/** What an action does with several servers, as they are now. */
export interface Plan {
  able: Server[]
  skipped: { server: Server; why: Obstacle }[]
}

export function planOf(servers: readonly Server[], action: PowerAction, role: Role | null): Plan {
  const plan: Plan = { able: [], skipped: [] }
  for (const server of servers) {
    const why = obstacleOf(server, action, role)
    if (why === null) plan.able.push(server)
    else plan.skipped.push({ server, why })
  }
  return plan
}
