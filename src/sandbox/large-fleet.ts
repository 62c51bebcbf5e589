import { Dice } from './dice.ts'
import type { ServerFixture } from './fleet.ts'

/** What the servers of one kind have in common */
interface Kind {
  role: string
  team: string
  flavor: ServerFixture['flavor']
  systems: readonly System[]
  /** How many of a hundred servers are of this kind */
  share: number
}

type System = Pick<ServerFixture, 'osType' | 'image' | 'kernel'>

const debian12: System = { osType: 'Linux', image: 'Debian 12 (bookworm)', kernel: '6.1.0-28-amd64' }
const ubuntu22: System = { osType: 'Linux', image: 'Ubuntu 22.04 LTS', kernel: '5.15.0-125-generic' }
const ubuntu24: System = { osType: 'Linux', image: 'Ubuntu 24.04 LTS', kernel: '6.8.0-49-generic' }
const rocky9: System = { osType: 'Linux', image: 'Rocky Linux 9.4', kernel: '5.14.0-427.42.1.el9_4.x86_64' }
const suse15: System = {
  osType: 'Linux',
  image: 'SUSE Linux Enterprise Server 15 SP6',
  kernel: '6.4.0-150600.23.25-default',
}
const euler22: System = {
  osType: 'Linux',
  image: 'openEuler 22.03 LTS',
  kernel: '5.10.0-60.18.0.50.oe2203.x86_64',
}
const windows22: System = { osType: 'Windows', image: 'Windows Server 2022 Standard', kernel: '' }
const appliance: System = { osType: null, image: 'private-appliance-v4', kernel: '5.15.0' }

const o2 = { name: 'physical.o2.medium', vcpus: 16, memoryGiB: 128, diskGiB: 1800 }
const s3 = { name: 'physical.s3.large', vcpus: 40, memoryGiB: 192, diskGiB: 1800 }
const h2 = { name: 'physical.h2.large', vcpus: 64, memoryGiB: 512, diskGiB: 7200 }
const d2 = { name: 'physical.d2.large', vcpus: 44, memoryGiB: 256, diskGiB: 120_000 }
const m2 = { name: 'physical.m2.medium', vcpus: 96, memoryGiB: 2048, diskGiB: 3600 }
const p3 = { name: 'physical.p3.large', vcpus: 48, memoryGiB: 768, diskGiB: 7680 }

const general = [debian12, ubuntu22, ubuntu24, rocky9]
const kinds: readonly Kind[] = [
  { role: 'web', team: 'shop', flavor: o2, systems: general, share: 14 },
  { role: 'app', team: 'shop', flavor: s3, systems: general, share: 14 },
  { role: 'node', team: 'platform', flavor: s3, systems: [ubuntu22, ubuntu24], share: 20 },
  { role: 'db', team: 'data', flavor: h2, systems: [rocky9, ubuntu24, suse15], share: 9 },
  { role: 'cache', team: 'shop', flavor: h2, systems: [debian12], share: 5 },
  { role: 'kafka', team: 'data', flavor: d2, systems: [rocky9], share: 5 },
  { role: 'ceph', team: 'storage', flavor: d2, systems: [debian12, rocky9], share: 9 },
  { role: 'batch', team: 'research', flavor: s3, systems: [euler22, rocky9], share: 7 },
  { role: 'gpu', team: 'research', flavor: p3, systems: [ubuntu22, ubuntu24], share: 5 },
  { role: 'hana', team: 'erp', flavor: m2, systems: [suse15], share: 3 },
  { role: 'erp', team: 'erp', flavor: s3, systems: [windows22], share: 4 },
  { role: 'build', team: 'platform', flavor: s3, systems: [debian12, windows22], share: 3 },
  { role: 'edge', team: 'network', flavor: o2, systems: [debian12, appliance], share: 2 },
]

interface Site {
  name: string
  zones: readonly string[]
  /** The second number of its private addresses */
  net: number
}

const sites = {
  first: [
    { name: 'fra', zones: ['eu-de-01', 'eu-de-02'], net: 64 },
    { name: 'muc', zones: ['eu-de-03'], net: 96 },
    { name: 'ams', zones: ['eu-nl-01'], net: 128 },
  ],
  second: [{ name: 'ams', zones: ['eu-nl-02', 'eu-nl-03'], net: 160 }],
} satisfies Record<string, readonly Site[]>

/** Huawei Cloud's enterprise projects. null: the default one. */
const groups: readonly (string | null)[] = [
  null,
  null,
  '8c2f4b1e-60d7-4c39-b1a5-2e97f0c83d14',
  'b5d9a7e3-1c48-4f02-9e6b-70a14c5d2f86',
  '1f70e6c4-a92b-4d85-8c3e-95b2d7f04a61',
  'e4183ad2-7b5f-49c6-a0d8-3c6f91e2b750',
]

const environments = ['env=prod', 'env=prod', 'env=prod', 'env=stage', 'env=test'] as const

/** So many servers are in that state among a thousand. The others run. */
const rareStates: readonly [ServerFixture['status'], number][] = [
  ['SHUTOFF', 60],
  ['ERROR', 12],
  ['BUILD', 8],
]

/**
 * As many servers as a large installation has. The first ones are the same at any count, and at each start.
 * @param project each has its own sites, names and addresses
 */
export function largeFleet(count: number, project: keyof typeof sites): ServerFixture[] {
  const numbers = new Map<string, number>()
  const places: readonly Site[] = sites[project]
  return Array.from({ length: count }, (_, index) => {
    const dice = new Dice(`${project} ${index}`)
    const kind = pickKind(dice.below(100))
    const site = dice.of(places)
    const system = dice.of(kind.systems)
    const family = `${kind.role}-${site.name}`
    const number = (numbers.get(family) ?? 0) + 1
    numbers.set(family, number)
    // Four digits, so that no name is that of a server of the small fleet.
    const name = `${family}-${String(number).padStart(4, '0')}`
    const status = pickStatus(dice.below(1000))
    const group = dice.of(groups)
    const [high, low] = [index >> 8, index & 255]
    return {
      id: dice.uuid,
      name,
      status,
      ...system,
      hostname: system.osType === 'Windows' ? name.toUpperCase() : name,
      fixed:
        status === 'BUILD'
          ? []
          : [`10.${site.net + (high >> 8)}.${high & 255}.${low}`, ...ipv6(dice, site, index)],
      floating: status !== 'BUILD' && dice.below(100) < 8 ? `198.18.${high & 255}.${low}` : null,
      zone: dice.of(site.zones),
      flavor: kind.flavor,
      tags: [
        `role=${kind.role}`,
        `team=${kind.team}`,
        dice.of(environments),
        `rack=${site.name}-r${String(dice.below(40) + 1).padStart(2, '0')}`,
      ],
      ...(group === null ? {} : { enterpriseProject: group }),
      created: new Date(Date.UTC(2022, 0, 3 + dice.below(1500), 8, dice.below(60), dice.below(60)))
        .toISOString()
        .replace('.000Z', 'Z'),
      behaviour: system.osType === 'Linux' ? pickFirmware(dice.below(100)) : 'silent',
      ...(status === 'BUILD' ? { consoleFault: 'not-ready' } : {}),
    }
  })
}

const kindByShare = kinds.flatMap((kind) => Array.from({ length: kind.share }, () => kind))
function pickKind(of100: number): Kind {
  const kind = kindByShare[of100]
  if (!kind) throw new Error('the shares of all kinds make 100')
  return kind
}

function pickStatus(of1000: number): ServerFixture['status'] {
  let below = 0
  for (const [status, share] of rareStates) {
    below += share
    if (of1000 < below) return status
  }
  return 'ACTIVE'
}

const pickFirmware = (of100: number): ServerFixture['behaviour'] =>
  of100 < 1 ? 'panics' : of100 < 2 ? 'garbles' : of100 < 12 ? 'idles' : 'boots'

/** One server in four has an address of IPv6, too. */
const ipv6 = (dice: Dice, { net }: Site, index: number): string[] =>
  dice.below(4) === 0 ? [`2001:db8:${net}:${(index >> 12).toString(16)}::${(index & 4095).toString(16)}`] : []
