import { z } from 'zod'
import { optional, variables } from '../environment.ts'
import type { MetricsAddress } from './metrics-server.ts'

/** `127.0.0.1:9464`, `[::1]:9464`, `metrics.internal:9464` */
const ADDRESS = /^(?:\[([\da-f:.]+)\]|([\w.-]+)):(\d{1,5})$/i

export const metricsVariables = variables({
  BMS_CONSOLE_METRICS_LISTEN: {
    schema: z.string().transform((value, context): MetricsAddress => {
      const [, ip6, host, port] = ADDRESS.exec(value) ?? []
      const address = { host: ip6 ?? host ?? '', port: Number(port) }
      if (address.host === '' || !(address.port <= 65_535)) context.addIssue('not an address with a port')
      return address
    }),
    says: 'an address with a port, e.g. 127.0.0.1:9464',
  },
})

/** @returns where metrics are read; null: nowhere */
export function metricsSettings(env: NodeJS.ProcessEnv): MetricsAddress | null {
  return optional(env, metricsVariables.BMS_CONSOLE_METRICS_LISTEN) ?? null
}
