import { ServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1'
import { Deployment, StatefulSet } from 'kubernetes-models/apps/v1'
import { Ingress, NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1'
import { PersistentVolumeClaim, Service, ServiceAccount } from 'kubernetes-models/v1'
import { z } from 'zod'

const models = {
  Deployment,
  Ingress,
  NetworkPolicy,
  PersistentVolumeClaim,
  PodDisruptionBudget,
  Service,
  ServiceAccount,
  ServiceMonitor,
  StatefulSet,
}

const Resource = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.object({ name: z.string() }),
})

/**
 * What Kubernetes would say against a resource, by the schemas of its API, unknown fields included.
 * @throws ZodError where it is no resource at all
 */
export function faultsOf(document: unknown): string[] {
  const { kind, apiVersion, metadata } = Resource.parse(document)
  const model = Object.entries(models).find(([name]) => name === kind)?.[1]
  if (!model) return [`${kind} is no kind that this knows`]
  const where = `${kind} ${metadata.name}`
  const read = new Set<string>()
  const faults: string[] = []
  try {
    // What it is given is what it checks.
    const made = watchReads(new model(document as never), read)
    if (made.apiVersion !== apiVersion) faults.push(`${where}: ${apiVersion} is not its API`)
    read.clear()
    made.validate()
  } catch (error) {
    faults.push(`${where}: ${error instanceof Error ? error.message : String(error)}`)
  }
  // A validator looks at each field that its schema has, so a field that none looked at is unknown.
  for (const path of paths(document, '')) {
    if (!read.has(path)) faults.push(`${where}: ${path} is not a field`)
  }
  return faults
}

function watchReads<T extends object>(value: T, read: Set<string>, path = ''): T {
  return new Proxy(value, {
    get(target, key, receiver) {
      const found: unknown = Reflect.get(target, key, receiver)
      if (typeof key !== 'string' || !Object.hasOwn(target, key)) return found
      read.add(`${path}/${key}`)
      return typeof found === 'object' && found !== null ? watchReads(found, read, `${path}/${key}`) : found
    },
  })
}

function paths(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [
    `${path}/${key}`,
    ...paths(inner, `${path}/${key}`),
  ])
}
