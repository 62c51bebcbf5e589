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
      env: z.array(z.object({ name: z.string(), value: z.string() })),
      volumeMounts: z.array(Mount),
    }),
  ]),
})
const Deployment = z.looseObject({
  kind: z.literal('Deployment'),
  spec: z.looseObject({
    replicas: z.number(),
    strategy: z.unknown(),
    template: z.looseObject({ spec: Pod }),
  }),
})

const kindOf = (document: unknown) => z.looseObject({ kind: z.string() }).parse(document).kind
const deploymentOf = (documents: readonly unknown[]) =>
  Deployment.parse(documents.find((document) => kindOf(document) === 'Deployment')).spec
const podOf = (documents: readonly unknown[]) => deploymentOf(documents).template.spec
const environmentOf = (documents: readonly unknown[]) =>
  Object.fromEntries(podOf(documents).containers[0].env.map(({ name, value }) => [name, value]))

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
    const [found] = rendered(...origins).filter((document) => kindOf(document) === 'Deployment')
    const { spec, ...deployment } = Deployment.parse(found)
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
        return [variable, file(variable, 'a secret that has thirty-two characters\n')]
      }),
    )
    const config = parseConfig(env)
    expect(config.console.transport).toBe('relay')
    expect(config.port).toBe(8080)
  })

  it('never runs two servers, and gives the one its time to end', () => {
    const deployment = deploymentOf(rendered(...origins))
    expect(deployment).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } })
    expect(deployment.template.spec.terminationGracePeriodSeconds).toBeGreaterThan(10)
    expect(() => rendered(...origins, '--set', 'replicaCount=2')).toThrow(/replicaCount/)
    expect(() => rendered(...origins, '--set', 'terminationGracePeriodSeconds=5')).toThrow(/minimum/)
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
    ).toThrow(/need settings.BMS_CONSOLE_TRANSPORT: relay/)
    expect(() => rendered(...origins, '--set', 'ingress.enabled=true')).toThrow(/ingress.host is empty/)
  })
})
