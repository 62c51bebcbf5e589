import type { LineReader } from '../store/store.ts'

const PIECE = 256 * 1024

/** The bytes of a stretch, as they came. Those that are not kept are left out. */
export async function* rawBytes(reader: LineReader, from: number, to: number): AsyncGenerator<Buffer> {
  for (let place = from; place < to; ) {
    const { at, bytes } = await reader.read(place, Math.min(PIECE, to - place))
    if (bytes.length === 0 || at >= to) return
    yield bytes.subarray(0, to - at)
    place = at + bytes.length
  }
}
