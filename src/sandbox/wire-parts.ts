import { createHash } from 'node:crypto'
import { type SandboxServer, wireState } from './sandbox-server.ts'

const known = new Map<string, string>()
/** More ids than a large fleet has. Those of a fleet that changes must not add up. */
const MAX_KNOWN = 50_000

/** An id that is always the same for the same thing */
export function uuidOf(thing: string): string {
  const before = known.get(thing)
  if (before) return before
  const hex = createHash('sha256').update(thing).digest('hex')
  const made = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')
  if (known.size >= MAX_KNOWN) known.clear()
  known.set(thing, made)
  return made
}

/** The volumes, for both APIs */
export const volumesOf = ({ fixture }: SandboxServer) =>
  (fixture.volumes ?? []).map((device, index) => ({
    id: uuidOf(`volume ${fixture.id} ${device}`),
    device,
    bootIndex: index === 0 ? '0' : '-1',
    deletedWithServer: index === 0,
  }))

/** Clouds say what went wrong as long as the server is in error. Its details are for administrators. */
export const faultOf = (server: SandboxServer) =>
  wireState(server).status === 'ERROR'
    ? {
        fault: {
          message: 'Failed to provision instance: the power state could not be read from the BMC.',
          code: 500,
          created: server.created,
        },
      }
    : {}
