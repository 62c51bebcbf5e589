import { readFileSync } from 'node:fs'
import { ConfigError, optional, text, variables } from '../environment.ts'
import { CERT, KEY, type KeyPair, keyPair, unreadable } from './key-pair.ts'

export interface TlsSettings {
  certFile: string
  keyFile: string
  /** As they were at the start. Later ones are read anew. */
  pair: KeyPair
}

export const tlsVariables = variables({
  [CERT]: {
    schema: text,
    says: 'the file of the certificate, followed by those that lead to a root, PEM',
  },
  [KEY]: { schema: text, says: 'the file of its private key, PEM' },
})

/** @returns null: something else ends TLS, or there is none @throws ConfigError */
export function tlsSettings(env: NodeJS.ProcessEnv, now = Date.now()): TlsSettings | null {
  const certFile = optional(env, tlsVariables[CERT])
  const keyFile = optional(env, tlsVariables[KEY])
  if (certFile === undefined && keyFile === undefined) return null
  if (certFile === undefined) throw missing(CERT, KEY)
  if (keyFile === undefined) throw missing(KEY, CERT)
  const pair = keyPair({ cert: read(CERT, certFile), key: read(KEY, keyFile) }, now)
  if ('fault' in pair) throw new ConfigError(pair.fault)
  return { certFile, keyFile, pair }
}

const missing = (name: typeof CERT | typeof KEY, other: string) =>
  new ConfigError(`${name} is missing (${other} is set): it must be ${tlsVariables[name].says}`)

function read(setting: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new ConfigError(unreadable(setting, error).fault)
  }
}
