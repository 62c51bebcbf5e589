import { Readable } from 'node:stream'
import { createGunzip, gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { gzipped, pack, plain, unpack } from './packed.ts'

const packedAll = (texts: readonly string[]) => Promise.all(texts.map(pack))
async function collect(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = []
  for await (const piece of pieces) all.push(piece)
  return Buffer.concat(all)
}

it('gives one gzip file of any parts, and the text without it', async () => {
  // The reader checks the checksum and the length at the end.
  const text = fc.string({ unit: 'binary', maxLength: 3_000 })
  await fc.assert(
    fc.asyncProperty(fc.array(text, { maxLength: 6 }), async (texts) => {
      const parts = Readable.from(await packedAll(texts))
      expect(gunzipSync(await collect(gzipped(parts))).toString()).toBe(texts.join(''))
      expect((await collect(plain(Readable.from(await packedAll(texts))))).toString()).toBe(texts.join(''))
    }),
    { numRuns: 50 },
  )
})

it('lets a part be read while the next one is still awaited', async () => {
  const first = 'a page of servers '.repeat(10_000)
  const [part] = await packedAll([first])
  if (!part) throw new Error('one')
  async function* slow() {
    yield part
    await new Promise(() => {})
  }
  const gunzip = createGunzip()
  Readable.from(gzipped(slow() as AsyncGenerator<typeof part>)).pipe(gunzip)
  let text = ''
  for await (const piece of gunzip) {
    text += piece
    if (text.length >= first.length) break
  }
  expect(text).toBe(first)
})

it('takes a part that comes again, as a beat does', async () => {
  const [beat, line] = await packedAll(['\n', 'line\n'])
  const parts = Readable.from([beat, line, beat, beat, line])
  expect(gunzipSync(await collect(gzipped(parts))).toString()).toBe('\nline\n\n\nline\n')
  if (line) expect((await unpack(line)).toString()).toBe('line\n')
})
