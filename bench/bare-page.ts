import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

/**
 * Serves a page that has nothing but the reference of a benchmark.
 * @param entry the page's script, beside this file
 * @param log what the page gets at `/log`
 */
export async function startBarePage(entry: string, log: () => Buffer = () => Buffer.alloc(0)) {
  const folder = await mkdtemp(path.join(tmpdir(), 'bms-console-bench-'))
  await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      outDir: folder,
      emptyOutDir: true,
      lib: {
        entry: fileURLToPath(new URL(entry, import.meta.url)),
        formats: ['es'],
        fileName: 'bare',
        cssFileName: 'bare',
      },
    },
  })
  const files = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://bare')
    if (pathname === '/log') return response.end(log())
    const name = { '/bare.js': 'bare.js', '/bare.css': 'bare.css' }[pathname]
    response.setHeader(
      'content-type',
      name?.endsWith('.js') ? 'text/javascript' : name ? 'text/css' : 'text/html',
    )
    response.end(
      name
        ? await readFile(path.join(folder, name))
        : '<!doctype html><link rel="stylesheet" href="/bare.css"><body><script type="module" src="/bare.js"></script>',
    )
  }).listen(0, '127.0.0.1')
  await once(files, 'listening')
  const address = files.address()
  if (address === null || typeof address === 'string') throw new Error('A web server has a port.')
  return {
    origin: `http://127.0.0.1:${address.port}`,
    async close(): Promise<void> {
      files.close()
      files.closeAllConnections()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
