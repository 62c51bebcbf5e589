// WebSocket frames (RFC 6455) without a library. Gateways and viewers stand for other machines, and what they cost is
// taken from the relay's cores: so a frame is looked at where it lies, and what is sent was made before.

export const OPCODE = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const
const NOTHING = Buffer.alloc(0)

/** Is called for each frame. Its payload is unmasked; it is the callee's for as long as the call lasts. */
export type OnFrame = (opcode: number, payload: Buffer) => void

/** Reads frames out of what comes from a connection. A frame that comes in parts is kept until it is whole. */
export class FrameSplitter {
  readonly #onFrame: OnFrame
  #kept: Buffer = NOTHING

  constructor(onFrame: OnFrame) {
    this.#onFrame = onFrame
  }

  /** @param bytes are not kept: the caller may use their place again */
  take(bytes: Buffer): void {
    const all = this.#kept.length > 0 ? Buffer.concat([this.#kept, bytes]) : bytes
    let at = 0
    while (true) {
      const end = this.#frameAt(all, at)
      if (end === null) break
      at = end
    }
    this.#kept = at === all.length ? NOTHING : Buffer.from(all.subarray(at))
  }

  /** @returns where the frame ends; null: it is not whole */
  #frameAt(all: Buffer, at: number): number | null {
    const left = all.length - at
    if (left < 2) return null
    const second = all[at + 1] ?? 0
    const short = second & 0x7f
    const extended = short === 126 ? 2 : short === 127 ? 8 : 0
    const masked = second > 0x7f
    const header = 2 + extended + (masked ? 4 : 0)
    if (left < header) return null
    const length =
      extended === 0 ? short : extended === 2 ? all.readUInt16BE(at + 2) : Number(all.readBigUInt64BE(at + 2))
    if (left < header + length) return null
    const from = at + header
    const payload = all.subarray(from, from + length)
    if (masked)
      for (let each = 0; each < length; each++)
        payload[each] = (payload[each] ?? 0) ^ (all[from - 4 + (each & 3)] ?? 0)
    this.#onFrame((all[at] ?? 0) & 0x0f, payload)
    return from + length
  }
}

/** @returns a whole frame, as a server sends it. `clientFrame` of the relay makes those of a client. */
export function serverFrame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload
  if (length < 126) return Buffer.concat([Buffer.of(0x80 | opcode, length), payload])
  const long = length > 0xffff
  const head = Buffer.alloc(long ? 10 : 4)
  head[0] = 0x80 | opcode
  head[1] = long ? 127 : 126
  if (long) head.writeBigUInt64BE(BigInt(length), 2)
  else head.writeUInt16BE(length, 2)
  return Buffer.concat([head, payload])
}
