import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseAllDocuments, parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { allVariables, parseConfig } from '../../server/config.ts'
import { isInstalled } from '../installed.ts'
import { TestAuthority } from '../outbound/certificates.ts'
import { pathOf, textOf } from './files.ts'
import { faultsOf } from './kubernetes.ts'

const chart = 'deploy/helm/bms-console'
const examples = readdirSync(pathOf(`${chart}/examples`))
const origins = ['--set', 'origins={https://console.example.com}']

const helm = (...args: string[]) =>
  execFileSync('helm', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
const rendered = (...args: string[]): unknown[] =>
  parseAllDocuments(helm('template', 'try', pathOf(chart), '--namespace', 'consoles', ...args), {
    // A key that is there twice is an error of the template's.
    uniqueKeys: true,
  }).map((document) => {
    expect(document.errors).toEqual([])
    return document.toJS()
  })
const refusal = (...args: string[]): string => {
  try {
    rendered(...args)
  } catch (error) {
    return String(error)
  }
  return 'nothing is refused'
}
const example = (name: string) => ['--values', pathOf(`${chart}/examples/${name}`)]

const Mount = z.object({ name: z.string(), mountPath: z.string() })
const Pod = z.looseObject({
  automountServiceAccountToken: z.boolean(),
  enableServiceLinks: z.boolean(),
  terminationGracePeriodSeconds: z.number(),
  securityContext: z.unknown(),
  containers: z.tuple([
    z.looseObject({
      image: z.string(),
      securityContext: z.unknown(),
      env: z.array(z.object({ name: z.string(), value: z.string().optional() })),
      volumeMounts: z.array(Mount),
    }),
  ]),
})
const Workload = z.looseObject({
  kind: z.enum(['Deployment', 'StatefulSet']),
  spec: z.looseObject({
    replicas: z.number(),
    strategy: z.unknown().optional(),
    volumeClaimTemplates: z.array(z.unknown()).optional(),
    template: z.looseObject({ spec: Pod }),
  }),
})

const isWorkload = (document: unknown) => Workload.shape.kind.safeParse(kindOf(document)).success
const Named = z.looseObject({ metadata: z.looseObject({ name: z.string() }) })
const isValkey = (document: unknown) => Named.parse(document).metadata.name.endsWith('-valkey')
const kindOf = (document: unknown) => z.looseObject({ kind: z.string() }).parse(document).kind
/** What has the server's pods: the chart's Valkey is another one. */
const workloadOf = (documents: readonly unknown[]) =>
  Workload.parse(documents.find((document) => isWorkload(document) && !isValkey(document)))
const deploymentOf = (documents: readonly unknown[]) => workloadOf(documents).spec
const podOf = (documents: readonly unknown[]) => deploymentOf(documents).template.spec
const environmentOf = (documents: readonly unknown[]) =>
  Object.fromEntries(
    podOf(documents).containers[0].env.map(({ name, value = '' }) => [
      name,
      value.replace('$(POD_IP)', '10.0.0.11'),
    ]),
  )

const Policy = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({ ingress: z.array(z.unknown()), egress: z.array(z.unknown()).optional() }),
})

const Schema = z.object({
  properties: z.object({
    settings: z.object({
      propertyNames: z.object({ allOf: z.array(z.unknown()) }),
    }),
    secrets: z.object({ propertyNames: z.object({ enum: z.array(z.string()) }) }),
  }),
})

describe('the chart', () => {
  it('has the version of the program', () => {
    const version = z.object({ version: z.string() }).parse(JSON.parse(textOf('package.json'))).version
    expect(parseYaml(textOf(`${chart}/Chart.yaml`))).toMatchObject({ version, appVersion: version })
  })

  it('takes each secret setting from a Secret', () => {
    const schema = Schema.parse(JSON.parse(textOf(`${chart}/values.schema.json`)))
    const secret = allVariables.filter((variable) => variable.secret).map(({ name }) => name)
    expect(schema.properties.secrets.propertyNames.enum.toSorted()).toEqual(secret.toSorted())
  })
})

describe.skipIf(!isInstalled('helm') || !isInstalled('openssl'))('the chart, as Helm draws it', () => {
  const files = mkdtempSync(join(tmpdir(), 'chart-'))
  const file = (name: string, text: string) => {
    const path = join(files, name)
    writeFileSync(path, text)
    return path
  }
  let authority: TestAuthority
  beforeAll(() => {
    authority = new TestAuthority()
  })
  afterAll(() => {
    authority.remove()
    rmSync(files, { recursive: true, force: true })
  })

  it('passes the strict lint with its defaults and each example', () => {
    for (const values of [origins, ...examples.map(example)])
      expect(helm('lint', '--strict', pathOf(chart), ...values)).toContain('0 chart(s) failed')
  })

  it('gives what the API of Kubernetes knows', () => {
    for (const values of [origins, ...examples.map(example)])
      expect(rendered(...values).flatMap(faultsOf)).toEqual([])
    const kinds = rendered(...example('openstack.yaml')).map(kindOf)
    expect(new Set(kinds)).toEqual(
      new Set([
        'Deployment',
        'Ingress',
        'NetworkPolicy',
        'PersistentVolumeClaim',
        'PodDisruptionBudget',
        'Service',
        'ServiceAccount',
        'ServiceMonitor',
      ]),
    )
  })

  it('would hear of a field that Kubernetes does not know', () => {
    const { spec, ...deployment } = workloadOf(rendered(...origins))
    const pod = { ...spec.template.spec, hostNetwrk: true }
    const wrong = { ...spec, replicas: 'one', template: { ...spec.template, spec: pod } }
    const faults = faultsOf({ ...deployment, spec: wrong, spek: {} }).join('\n')
    expect(faults).toContain('/spek is not a field')
    expect(faults).toContain('/spec/template/spec/hostNetwrk is not a field')
    expect(faults).toContain('data/spec/replicas must be integer')
  })

  it.each(examples)('starts the server with %s', (name) => {
    const documents = rendered(...example(name))
    const own = authority.issue()
    const env = Object.fromEntries(
      Object.entries(environmentOf(documents)).map(([variable, value]) => {
        if (variable === 'BMS_CONSOLE_TLS_CERT') return [variable, file('cert', own.cert)]
        if (variable === 'BMS_CONSOLE_TLS_KEY') return [variable, file('key', own.key)]
        if (!value.startsWith('/run/secrets/')) return [variable, value]
        if (variable === 'BMS_CONSOLE_REDIS_URL_FILE')
          return [variable, file(variable, 'redis://:password@console-bms-console-valkey:6379\n')]
        return [variable, file(variable, 'a secret that has thirty-two characters\n')]
      }),
    )
    const config = parseConfig(env)
    expect(config.console.transport).toBe('auto')
    expect(config.port).toBe(8080)
  })

  it('runs one server where nothing is shared, and gives it its time to end', () => {
    const deployment = deploymentOf(rendered(...origins))
    expect(deployment).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } })
    expect(deployment.template.spec.terminationGracePeriodSeconds).toBeGreaterThan(30)
    expect(() => rendered(...origins, '--set', 'replicas.count=2')).toThrow(
      /name secrets.BMS_CONSOLE_REDIS_URL/,
    )
    expect(() => rendered(...origins, '--set', 'terminationGracePeriodSeconds=5')).toThrow(/minimum/)
  })

  it('runs several that share a store, each with its address and, where it keeps something, its volume', () => {
    const documents = rendered(...example('replicas.yaml'))
    const workload = workloadOf(documents)
    expect(workload).toMatchObject({ kind: 'StatefulSet', spec: { replicas: 3 } })
    expect(workload.spec.volumeClaimTemplates).toHaveLength(1)
    expect(documents.map(kindOf)).not.toContain('PersistentVolumeClaim')
    expect(environmentOf(documents).BMS_CONSOLE_REPLICA_ADDRESS).toBe('10.0.0.11:8443')

    const keepingNothing = workloadOf(
      rendered(...example('replicas.yaml'), '--set', 'persistence.enabled=false'),
    )
    expect(keepingNothing).toMatchObject({
      kind: 'Deployment',
      spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0 } } },
    })
    const ofIpv6 = rendered(...example('replicas.yaml'), '--set', 'listen.host=::')
    expect(environmentOf(ofIpv6).BMS_CONSOLE_REPLICA_ADDRESS).toBe('[10.0.0.11]:8443')
    expect(() => rendered(...example('replicas.yaml'), '--set', 'persistence.existingClaim=mine')).toThrow(
      /each replica needs its own/,
    )
  })

  it('lets replicas reach each other and Valkey, and nobody else there', () => {
    const policies = rendered(...example('replicas.yaml'))
      .filter((document) => kindOf(document) === 'NetworkPolicy')
      .map((document) => Policy.parse(document))
    const replicas = {
      matchLabels: { 'app.kubernetes.io/name': 'bms-console', 'app.kubernetes.io/instance': 'try' },
    }
    const [own, valkey] = policies[0] && isValkey(policies[0]) ? policies.toReversed() : policies
    expect(own?.spec.ingress).toContainEqual({
      ports: [{ port: 8443 }],
      from: [{ podSelector: replicas }],
    })
    expect(valkey?.spec).toMatchObject({
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ ports: [{ port: 6379 }], from: [{ podSelector: replicas }] }],
    })
    expect(valkey?.spec.egress).toBeUndefined()
  })

  it('gives the pod no right that it does not need', () => {
    const pod = podOf(rendered(...example('openstack.yaml')))
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      // BMS_CONSOLE_PORT=tcp://… of the Service is no port.
      enableServiceLinks: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 10001,
        seccompProfile: { type: 'RuntimeDefault' },
        fsGroupChangePolicy: 'OnRootMismatch',
      },
    })
    expect(pod.containers[0].securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
  })

  it('writes only where a volume is', () => {
    const documents = rendered(...example('openstack.yaml'))
    const env = environmentOf(documents)
    const places = podOf(documents).containers[0].volumeMounts.map(({ mountPath }) => mountPath)
    for (const name of ['BMS_CONSOLE_LINE_LOG_DIR', 'BMS_CONSOLE_RECORDINGS_DIR'])
      expect(places.some((place) => env[name]?.startsWith(`${place}/`))).toBe(true)
  })

  it('takes no secret as a setting, and no setting of its own', () => {
    const secrets = allVariables
      .filter((variable) => variable.secret && !variable.name.endsWith('_PROXY'))
      .flatMap(({ name }) => [name, `${name}_FILE`])
    const refused = [...secrets, 'BMS_CONSOLE_PORT', 'BMS_CONSOLE_LINE_LOG_DIR', 'PATH']
    const settings = refused.map((name) => `settings.${name}=x`).join(',')
    const said = refusal(...origins, '--set', settings)
    expect(refused.filter((name) => !said.includes(`invalid propertyName '${name}'`))).toEqual([])
  })

  it('says what is missing', () => {
    expect(() => rendered()).toThrow(/name the origin under which browsers open the page/)
    expect(() =>
      rendered(...origins, '--set', 'lineLog.enabled=true,settings.BMS_CONSOLE_TRANSPORT=direct'),
    ).toThrow(/cannot be direct/)
    expect(() => rendered(...origins, '--set', 'ingress.enabled=true')).toThrow(/ingress.host is empty/)
  })
})
