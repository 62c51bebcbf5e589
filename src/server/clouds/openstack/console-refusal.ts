import type { Failure } from '../../../shared/cause.ts'

/**
 * Finds out whether the server has no serial console. Nova says so in words only: "Unavailable console type serial."
 * (400) if the host has none, "The requested functionality is not supported." (501) if its driver has none.
 * https://docs.openstack.org/api-ref/compute/#create-console
 */
export function readConsoleRefusal(failure: Failure, status: number): Failure {
  const refused = status === 400 && /console type/i.test(failure.detail ?? '')
  return refused || status === 501 ? { ...failure, cause: 'no-serial-console' } : failure
}

/**
 * Whether the cloud lacks this path, or lacks it in this microversion. Then it answers 404, "The resource could not be
 * found.", or 406. A missing server is a 404, too, with the words "Instance … could not be found." Old clouds take an
 * unknown path for a wrong project in it: 400, "Malformed request url".
 */
export function isNoSuchApi({ detail = '' }: Failure, status: number): boolean {
  if (status === 404) return !/instance/i.test(detail)
  return status === 405 || status === 406 || (status === 400 && /malformed request url/i.test(detail))
}
