import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Plugin } from 'vite'

/** Headers are the larger part of a smaller file. */
const LEAST_BYTES = 512
const TEXT = /\.(?:js|css|html|svg)$/

/**
 * Writes each text asset a second and third time, compressed, beside itself: `page.ts` of the server sends these. The
 * best compression takes a second for the whole page, so it is done once and not for each browser.
 */
export function compressAssets(): Plugin {
  return {
    name: 'bms-console:compress-assets',
    apply: 'build',
    async writeBundle({ dir = '.' }, bundle) {
      const files = Object.values(bundle).filter(({ fileName }) => TEXT.test(fileName))
      // Zlib has threads of its own, so all files at once keep all cores busy.
      await Promise.all(
        files.map(async (file) => {
          const content = Buffer.from(file.type === 'chunk' ? file.code : file.source)
          if (content.length <= LEAST_BYTES) return
          const path = join(dir, file.fileName)
          const write = async (ending: string, bytes: Promise<Buffer>) =>
            writeFile(`${path}${ending}`, await bytes)
          await Promise.all([write('.br', brotli(content)), write('.gz', gzipped(content))])
        }),
      )
    },
  }
}

const brotli = (content: Buffer): Promise<Buffer> =>
  promisify(brotliCompress)(content, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  })

const gzipped = (content: Buffer): Promise<Buffer> => promisify(gzip)(content, { level: 9 })
