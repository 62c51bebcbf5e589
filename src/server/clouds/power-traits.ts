import type { PowerTraits } from '../../shared/power.ts'

/** What the cloud makes of power actions, by its reference. */
export function powerTraits(kind: 'huawei' | 'otc' | 'openstack'): PowerTraits {
  switch (kind) {
    case 'huawei':
    case 'otc':
      // "Restarting BMSs" and "Stopping BMSs" call SOFT invalid. The API has no action for an NMI.
      return { forced: true, nmi: false }
    case 'openstack':
      return { forced: false, nmi: true }
  }
}
