import type { Failure } from '../../../shared/cause.ts'

/** A close without a reason. `network-lost` is for the browser that says it is offline, and for no other. */
export function lineLost(otherwise: Failure['cause'], code: number, reason = ''): Failure {
  return navigator.onLine
    ? { cause: otherwise, detail: reason || `close ${code}` }
    : { cause: 'network-lost' }
}
