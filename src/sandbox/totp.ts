import { createHmac, randomBytes } from 'node:crypto'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const STEP_MS = 30_000

/** @returns a secret for an MFA app: 160 bits in base32. That needs no padding, being a multiple of five bytes. */
export function newTotpSecret(): string {
  let text = ''
  let bits = 0
  let value = 0
  for (const byte of randomBytes(20)) {
    value = (value << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += ALPHABET[(value >> bits) & 31]
    }
    value &= (1 << bits) - 1
  }
  return text
}

/**
 * The code that an MFA app shows at that time: six digits, HMAC-SHA-1, 30 seconds.
 * https://www.rfc-editor.org/rfc/rfc6238
 * @param secret base32
 * @param now ms since the epoch
 */
export function totpCode(secret: string, now: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(now / STEP_MS)))
  const digest = createHmac('sha1', fromBase32(secret)).update(counter).digest()
  // RFC 4226, section 5.3: the last four bits say where the number begins.
  const number = digest.readUInt32BE(digest.readUInt8(19) & 15) & 0x7fffffff
  return String(number % 1_000_000).padStart(6, '0')
}

function fromBase32(text: string): Buffer {
  const bytes: number[] = []
  let bits = 0
  let value = 0
  for (const char of text) {
    value = (value << 5) | ALPHABET.indexOf(char)
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push(value >> bits)
    value &= (1 << bits) - 1
  }
  return Buffer.from(bytes)
}
