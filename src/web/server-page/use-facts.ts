import { useFormatter, useTranslations } from 'use-intl'
import type { Server } from '../../shared/server.ts'
import { type PlainFact, plainFacts, type ServerFacts } from '../../shared/server-facts.ts'
import type { Fact } from './fact-list.tsx'

/** Facts about where the cloud has put the server. All others are about the server itself. */
const placed: ReadonlySet<PlainFact> = new Set<PlainFact>([
  'hostStatus',
  'host',
  'hostId',
  'hypervisor',
  'instance',
  'pinnedZone',
  'reservation',
  'launchIndex',
  'user',
])
/** These are with the disks and the network. */
const elsewhere: ReadonlySet<PlainFact> = new Set<PlainFact>(['rootDevice', 'accessIPv4', 'accessIPv6'])
const times: ReadonlySet<PlainFact> = new Set<PlainFact>(['updated', 'launched', 'terminated'])
const prose: ReadonlySet<PlainFact> = new Set<PlainFact>(['description', 'lockedReason'])

/** What is known of a server, in words and in order. What the cloud does not say is not there. */
export function useFacts() {
  const t = useTranslations('server')
  const format = useFormatter()
  const plain = (facts: ServerFacts | undefined, wanted: (fact: PlainFact) => boolean): Fact[] =>
    plainFacts.flatMap((fact) => {
      const value = facts?.plain[fact]
      if (value === undefined || !wanted(fact)) return []
      const kind = times.has(fact) ? ('time' as const) : prose.has(fact) ? undefined : ('code' as const)
      return [{ label: t(`facts.${fact}`), value, ...(kind && { kind }) }]
    })
  const some = (label: Parameters<typeof t>[0], value: string | null, kind?: Fact['kind']): Fact[] =>
    value === null || value === '' ? [] : [{ label: t(label), value, ...(kind && { kind }) }]
  const size = (gib: number) => format.number(gib, { style: 'decimal', maximumFractionDigits: 1 })
  return {
    plain,
    overview(server: Server, facts: ServerFacts | undefined): Fact[] {
      const { flavor, os } = server
      return [
        ...some('id', server.id, 'code'),
        ...some('cloudStatus', server.cloudStatus ?? null, 'code'),
        ...some('os', os.image),
        ...some('family', os.family === 'unknown' ? null : t(`families.${os.family}`)),
        ...some('flavor', flavor.name),
        ...some('cpus', flavor.vcpus === null ? null : t('cpuCount', { count: flavor.vcpus })),
        ...some(
          'memory',
          flavor.memoryMiB === null ? null : t('gib', { size: size(flavor.memoryMiB / 1024) }),
        ),
        // Huawei Cloud: 0 is a size without a limit.
        ...some('localDisk', flavor.diskGiB ? t('gib', { size: size(flavor.diskGiB) }) : null),
        ...some('locked', t(server.locked ? 'yes' : 'no')),
        ...some('created', server.created, 'time'),
        ...plain(facts, (fact) => !placed.has(fact) && !elsewhere.has(fact)),
      ]
    },
    placement(server: Server, facts: ServerFacts | undefined): Fact[] {
      const { region, zone, project, enterpriseProject } = server
      return [
        ...some('region', region, 'code'),
        ...some('zone', zone, 'code'),
        ...some('project', project?.name ?? null),
        ...some('projectId', project?.id ?? null, 'code'),
        ...some('enterpriseProject', enterpriseProject, 'code'),
        ...plain(facts, (fact) => placed.has(fact)),
        ...some('serverGroups', facts?.serverGroups.join(', ') ?? null, 'code'),
        ...some('certificates', facts?.certificates.join(', ') ?? null, 'code'),
      ]
    },
  }
}
