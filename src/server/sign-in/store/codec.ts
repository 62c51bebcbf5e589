import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import type { z } from 'zod'
import { jsonOf } from '../../json.ts'

/** How what a mode keeps with a sign-in is written into the store, and read. */
export interface Codec<T> {
  /** @param name the sign-in that it belongs to: nothing is read for another */
  write(kept: T, name: string): string
  /** @returns null: it is not ours, or a later version's */
  read(text: string, name: string): T | null
}

/** For what may be read by whoever reads the store. */
export const plain = <T>(schema: z.ZodType<T>): Codec<T> => ({
  write: (kept) => JSON.stringify(kept),
  read: (text) => parsed(schema, text),
})

const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * For secrets: they are in the store as AES-256-GCM makes them.
 * @param secret what all replicas know, and the store does not. null: this process is the only one, and its store ends
 *   with it.
 */
export function sealed<T>(schema: z.ZodType<T>, secret: Uint8Array | null): Codec<T> {
  const key = new Uint8Array(hkdfSync('sha256', secret ?? randomBytes(32), '', 'bms-console: sign-ins', 32))
  return {
    write(kept, name) {
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(name))
      const text = [cipher.update(JSON.stringify(kept), 'utf8'), cipher.final()]
      return Buffer.concat([iv, ...text, cipher.getAuthTag()]).toString('base64url')
    },
    read(text, name) {
      const bytes = Buffer.from(text, 'base64url')
      if (bytes.length < IV_BYTES + TAG_BYTES) return null
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES))
        .setAAD(Buffer.from(name))
        .setAuthTag(bytes.subarray(-TAG_BYTES))
      try {
        const clear = [decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]
        return parsed(schema, Buffer.concat(clear).toString())
      } catch {
        return null
      }
    },
  }
}

const parsed = <T>(schema: z.ZodType<T>, text: string): T | null =>
  schema.safeParse(jsonOf(text)).data ?? null
