import { z } from 'zod'
import { RecordingInfo } from '../../../shared/recording.ts'

// What replicas tell each other of the recordings that they have. Both ends parse it.

/** So many are in one answer. */
export const MOST_INFOS = 5_000

/** A newer version may know other states. */
const Infos = z
  .array(z.unknown())
  .transform((infos) => infos.flatMap((info) => RecordingInfo.safeParse(info).data ?? []))

export const KeptRecordings = z.object({
  /** Names what has them for good; null: this replica makes none. */
  store: z.string().nullable(),
  /** Another one after each change */
  version: z.string(),
  /** From the one that was asked for on; null: they are as the asker knows them. */
  infos: Infos.nullable(),
  /** How many there are in all */
  total: z.number(),
  /** Those under way, with their present length */
  active: Infos,
})
export type KeptRecordings = z.infer<typeof KeptRecordings>

export const KeptRecording = z.object({ store: z.string().nullable(), info: z.nullable(RecordingInfo) })

export const ListQuery = z.object({
  from: z.coerce.number().int().min(0),
  /** The version that the asker knows */
  known: z.string().max(64).default(''),
})

const base = '/internal/recordings'
export const recordingPeerPaths = {
  base,
  list: (from: number, known: string) => `${base}?from=${from}&known=${known}`,
  recording: (id: string) => `${base}/${id}`,
  cast: (id: string) => `${base}/${id}/cast`,
}
