import type { LogReader } from '../store/store.ts'

const PIECE = 256 * 1024

/**
 * The bytes of a stretch, as they came. Those that are not kept are left out.
 * @throws Error where somebody who may have some of them goes away meanwhile: the asker was not told
 */
export async function* rawBytes(reader: LogReader, from: number, to: number): AsyncGenerator<Buffer> {
  const { away } = reader
  for (let place = from; place < to; ) {
    const { at, bytes } = await reader.read(place, Math.min(PIECE, to - place))
    if (reader.away && !away) throw new Error('A replica that may have a part does not answer.')
    if (bytes.length === 0 || at >= to) return
    yield bytes.subarray(0, to - at)
    place = at + bytes.length
  }
}
