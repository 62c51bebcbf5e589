import type { PowerFault, ServerFixture } from './fleet.ts'

/** Servers named after the way their power actions end, so that a test reaches each as a person would. */
export function powerFaultFleet(like: ServerFixture): ServerFixture[] {
  const faults: PowerFault[] = ['fails', 'never-ends', 'no-permission', 'throttled-once']
  return faults.map((powerFault, index) => ({
    ...like,
    id: `${like.id.slice(0, 6)}${70 + index}${like.id.slice(8)}`,
    name: `power-${powerFault}`,
    hostname: `power-${powerFault}`,
    fixed: [`192.168.98.${index + 1}`],
    floating: null,
    tags: [],
    powerFault,
  }))
}
