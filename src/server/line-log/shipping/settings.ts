import { z } from 'zod'
import { ConfigError, optional, required, text, url, variables } from '../../environment.ts'
import { isSafeOrigin } from '../../origins.ts'

/** Where the lines of all logs go, too. */
export type ShipSettings =
  | { to: 'stdout' }
  | { to: 'loki'; url: string; token: string | null; tenant: string | null }

export const shipVariables = variables({
  BMS_CONSOLE_SHIP: { schema: z.enum(['off', 'stdout', 'loki']), says: '"off", "stdout" or "loki"' },
  BMS_CONSOLE_SHIP_URL: { schema: url, says: 'the URL of Loki, e.g. https://loki.example.com' },
  BMS_CONSOLE_SHIP_TOKEN: {
    schema: z.string().regex(/^[\x21-\x7e]+$/),
    says: 'a bearer token, or a name and a password with a colon between them',
    secret: true,
  },
  BMS_CONSOLE_SHIP_TENANT: { schema: text.regex(/^[\x21-\x7e]+$/), says: "the name of Loki's tenant" },
})

const PUSH_PATH = '/loki/api/v1/push'

/** @returns null: they go nowhere else. */
export function shipSettings(env: NodeJS.ProcessEnv, transport: string): ShipSettings | null {
  const to = optional(env, shipVariables.BMS_CONSOLE_SHIP) ?? 'off'
  if (to !== 'off' && transport === 'direct') {
    throw new ConfigError(
      `BMS_CONSOLE_SHIP=${to} needs BMS_CONSOLE_TRANSPORT=auto or relay: with direct, the serial bytes do not pass through this server`,
    )
  }
  if (to === 'loki') return lokiSettings(env)
  const stray = ['URL', 'TOKEN', 'TOKEN_FILE', 'TENANT'].find((end) => env[`BMS_CONSOLE_SHIP_${end}`])
  if (stray) {
    throw new ConfigError(
      `BMS_CONSOLE_SHIP_${stray} is set, but BMS_CONSOLE_SHIP is not loki: set both or neither`,
    )
  }
  return to === 'off' ? null : { to }
}

function lokiSettings(env: NodeJS.ProcessEnv): ShipSettings {
  const target = new URL(required(env, shipVariables.BMS_CONSOLE_SHIP_URL, 'BMS_CONSOLE_SHIP=loki'))
  if (target.username || target.password)
    throw new ConfigError('BMS_CONSOLE_SHIP_URL has a name or a password: use BMS_CONSOLE_SHIP_TOKEN')
  const token = optional(env, shipVariables.BMS_CONSOLE_SHIP_TOKEN) ?? null
  if (token !== null && !isSafeOrigin(target.origin))
    throw new ConfigError('BMS_CONSOLE_SHIP_TOKEN would cross the network in the clear: use an https URL')
  if (!target.pathname.endsWith(PUSH_PATH)) target.pathname = target.pathname.replace(/\/*$/, PUSH_PATH)
  return {
    to: 'loki',
    url: target.href,
    token,
    tenant: optional(env, shipVariables.BMS_CONSOLE_SHIP_TENANT) ?? null,
  }
}
