import type { Failure } from '../../../shared/cause.ts'
import type { PowerAction } from '../../../shared/server.ts'

/**
 * The policies that Nova and Cinder check, with the names of its policy file.
 * https://docs.openstack.org/nova/latest/configuration/policy.html
 * https://docs.openstack.org/cinder/latest/configuration/block-storage/policy.html
 */
export const policies = {
  list: 'os_compute_api:servers:detail',
  show: 'os_compute_api:servers:show',
  console: 'os_compute_api:os-remote-consoles',
  nics: 'os_compute_api:os-attach-interfaces:list',
  volumes: 'os_compute_api:os-volumes-attachments:index',
  /** Cinder's */
  volume: 'volume:get',
} as const

export const powerPolicies: Readonly<Record<PowerAction, string>> = {
  'power-on': 'os_compute_api:servers:start',
  'power-off': 'os_compute_api:servers:stop',
  reboot: 'os_compute_api:servers:reboot',
  'hard-reboot': 'os_compute_api:servers:reboot',
  nmi: 'os_compute_api:servers:trigger_crash_dump',
}

/**
 * Names the policy that forbids a call. Nova itself says it ("Policy doesn't allow os_compute_api:… to be performed."),
 * and its word counts: an operator may have other rules.
 * @param policy what Nova checks for this call by default
 */
export function withPolicy(failure: Failure, policy: string): Failure {
  if (failure.cause !== 'no-permission') return failure
  const said = /\bos_compute_api(:[a-z0-9_-]{1,60}){1,4}/.exec(failure.detail ?? '')?.[0]
  return { ...failure, permission: said ?? policy }
}
