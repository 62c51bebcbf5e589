import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { z } from 'zod'

/**
 * The size budget: how much JavaScript a browser downloads (gzip) for the list, and how much more for the console. It
 * counts the static imports of each entry and the WebGL renderer, which every console asks for. The page to embed is
 * counted with everything that it may ever load, in every language.
 */
const KIB = 1024
const budgets = { list: 160 * KIB, console: 170 * KIB, embed: 200_000 }

const Manifest = z.record(
  z.string(),
  z.object({
    file: z.string(),
    isEntry: z.boolean().optional(),
    imports: z.array(z.string()).optional(),
    dynamicImports: z.array(z.string()).optional(),
  }),
)

const root = fileURLToPath(new URL('../dist/web', import.meta.url))
const read = (name: string) => Manifest.parse(JSON.parse(readFileSync(join(root, '.vite', name), 'utf8')))
/** The pages come from two builds, each with its own files. */
const manifest = { ...read('manifest.json'), ...prefixed('embed:', read('embed-manifest.json')) }

/** Both builds have chunks with the same names. */
function prefixed(prefix: string, chunks: z.infer<typeof Manifest>): z.infer<typeof Manifest> {
  const all = (keys: string[] = []) => keys.map((key) => prefix + key)
  return Object.fromEntries(
    Object.entries(chunks).map(([key, chunk]) => [
      prefix + key,
      { ...chunk, imports: all(chunk.imports), dynamicImports: all(chunk.dynamicImports) },
    ]),
  )
}

/** The chunk and all that it imports statically. */
function closure(key: string, found = new Set<string>()): Set<string> {
  const chunk = manifest[key]
  if (!chunk) throw new Error(`no chunk ${key} in the manifest`)
  if (found.has(key)) return found
  found.add(key)
  for (const imported of chunk.imports ?? []) closure(imported, found)
  return found
}

/** The chunk and all that it imports, now or later. */
function reach(key: string, found = new Set<string>()): Set<string> {
  for (const each of closure(key)) {
    if (found.has(each)) continue
    found.add(each)
    for (const imported of manifest[each]?.dynamicImports ?? []) reach(imported, found)
  }
  return found
}

/** The worker that reads the line is a separate script, which no import of the manifest names. */
function workerBytes(): number {
  const folder = join(root, 'assets')
  const workers = readdirSync(folder).filter((name) => name.startsWith('socket-worker-'))
  if (workers.length === 0) throw new Error('no script of the socket worker')
  return Math.max(...workers.map((name) => gzipSync(readFileSync(join(folder, name)), { level: 9 }).length))
}

function gzipBytes(keys: Iterable<string>): number {
  let total = 0
  for (const key of keys) {
    const file = manifest[key]?.file
    if (file?.endsWith('.js')) total += gzipSync(readFileSync(join(root, file)), { level: 9 }).length
  }
  return total
}

const find = (part: string) => {
  const key = Object.keys(manifest).find((name) => name.includes(part))
  if (!key) throw new Error(`no chunk of ${part} in the manifest`)
  return key
}

const entry = closure('index.html')
// English comes with the entry. Every other language is loaded when chosen.
const consoleRoute = closure(find('console/console-page'), closure(find('addon-webgl')))
for (const key of entry) consoleRoute.delete(key)

let failed = false
for (const [name, keys] of [
  ['list', entry],
  ['console', consoleRoute],
  ['embed', reach('embed:embed.html')],
] as const) {
  const value = gzipBytes(keys) + (name === 'list' ? 0 : workerBytes())
  const pass = value <= budgets[name]
  failed ||= !pass
  console.log(
    JSON.stringify({
      bench: 'size',
      metric: `${name} JavaScript`,
      value,
      unit: 'bytes gzip',
      target: budgets[name],
      pass,
    }),
  )
}
process.exit(failed ? 1 : 0)
