import type { Failure } from '../../../shared/cause.ts'

/**
 * Nova tells a console that is not to be had from a bad request by its words only: "Unavailable console type serial."
 * (400) where the host has none, "The requested functionality is not supported." (501) where its driver has none.
 * https://docs.openstack.org/api-ref/compute/#create-console
 */
export function readConsoleRefusal(failure: Failure, status: number): Failure {
  const refused = status === 400 && /console type/i.test(failure.detail ?? '')
  return refused || status === 501 ? { ...failure, cause: 'no-serial-console' } : failure
}

/**
 * Whether the cloud has no such path, or not in this microversion: 404 "The resource could not be found.", or 406. A
 * missing server is 404 as well: "Instance … could not be found." Old clouds take what they do not know for a wrong
 * project in the path: 400, "Malformed request url".
 */
export function isNoSuchApi({ detail = '' }: Failure, status: number): boolean {
  if (status === 404) return !/instance/i.test(detail)
  return status === 405 || status === 406 || (status === 400 && /malformed request url/i.test(detail))
}
