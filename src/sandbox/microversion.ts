/**
 * Nova's microversions: which version of the API a request wants.
 * https://docs.openstack.org/nova/latest/reference/api-microversion-history.html
 */

/** The x of `2.x` */
export type Microversion = number

export type Negotiation = { version: Microversion } | { status: 400 | 406; message: string }

/**
 * @param headers the request's; the legacy one is read if the other does not name this service
 * @param max the newest version that the cloud has
 */
export function negotiate(
  headers: { current: string | undefined; legacy: string | undefined },
  max: Microversion,
): Negotiation {
  const named = headers.current
    ?.split(',')
    .map((entry) => entry.trim().split(/\s+/))
    .find(([service]) => service?.toLowerCase() === 'compute')?.[1]
  const wanted = named ?? headers.legacy
  if (wanted === undefined) return { version: 1 }
  if (wanted === 'latest') return { version: max }
  const [, major, minor] = /^([1-9]\d*)\.([1-9]\d*|0)$/.exec(wanted) ?? []
  if (minor === undefined)
    return {
      status: 400,
      message: `API Version String ${wanted} is of invalid format. Must be of format MajorNum.MinorNum.`,
    }
  const version = Number(minor)
  if (major === '2' && version >= 1 && version <= max) return { version }
  return {
    status: 406,
    message: `Version ${wanted} is not supported by the API. Minimum is 2.1 and maximum is 2.${max}.`,
  }
}
