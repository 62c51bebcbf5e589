import { type HostPort, hostPort, optional, variables } from '../environment.ts'

export const metricsVariables = variables({
  BMS_CONSOLE_METRICS_LISTEN: {
    schema: hostPort,
    says: 'an address with a port, e.g. 127.0.0.1:9464',
  },
})

/** @returns where metrics are read; null: nowhere */
export function metricsSettings(env: NodeJS.ProcessEnv): HostPort | null {
  return optional(env, metricsVariables.BMS_CONSOLE_METRICS_LISTEN) ?? null
}
