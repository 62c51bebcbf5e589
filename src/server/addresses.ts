import { BlockList, isIP } from 'node:net'

type Family = 'ipv4' | 'ipv6'

const familyOf = (address: string): Family | null =>
  ({ 4: 'ipv4' as const, 6: 'ipv6' as const })[isIP(address)] ?? null

/** An address or a CIDR block; null: neither. */
export function addressRange(value: string): { address: string; family: Family; prefix: number } | null {
  const [address = '', bits, ...rest] = value.split('/')
  const family = address.includes('%') ? null : familyOf(address)
  if (!family || rest.length > 0) return null
  const longest = family === 'ipv4' ? 32 : 128
  if (bits === undefined) return { address, family, prefix: longest }
  // `/0` would trust everybody, which nobody means.
  const prefix = /^\d{1,3}$/.test(bits) ? Number(bits) : 0
  return prefix >= 1 && prefix <= longest ? { address, family, prefix } : null
}

/** @returns whether an address is one of these, written in either family where it is an IPv4 address */
export function addressMatcher(ranges: readonly string[]): (address: string | undefined) => boolean {
  const known = new BlockList()
  for (const value of ranges) {
    const range = addressRange(value)
    if (!range) throw new Error(`${value} is not an address or a CIDR block`)
    known.addSubnet(range.address, range.prefix, range.family)
  }
  return (address) => {
    if (address === undefined) return false
    const plain = plainAddress(address)
    const family = familyOf(plain)
    return family !== null && known.check(plain, family)
  }
}

/** Without the zone, and an IPv4 address as such: a dual-stack socket writes `::ffff:192.0.2.1`. */
function plainAddress(address: string): string {
  const [bare = ''] = address.split('%')
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1]
  return mapped && isIP(mapped) === 4 ? mapped : bare
}

/**
 * Limits count by this: an IPv4 address, or the /64 of an IPv6 address, since a client may take any address in it.
 * @returns the same text for every way to write it
 */
export function networkOf(address: string): string {
  const plain = plainAddress(address)
  const family = familyOf(plain)
  if (family === 'ipv4') return plain
  if (family === null) return 'unknown'
  // A URL writes an address in one way only: without leading zeros, in hexadecimal to the end.
  const [head = '', tail] = new URL(`http://[${plain}]`).hostname.slice(1, -1).split('::')
  const groups = (part: string | undefined) => (part ? part.split(':') : [])
  const [first, last] = [groups(head), groups(tail)]
  const all = [...first, ...Array<string>(8 - first.length - last.length).fill('0'), ...last]
  return `${all.slice(0, 4).join(':')}::/64`
}
