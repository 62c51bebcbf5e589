import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

/**
 * The size budget: how many bytes this server sends to a browser for the list, and how many more for the console:
 * pages, scripts and styles, as the build has compressed them. It counts the static imports of each entry and the WebGL
 * renderer, which every console asks for. The terminal's font comes with the console, too, and has a budget of its own:
 * nothing waits for it. The page to embed is counted with all that it loads by itself, in
 * English and the largest of the other languages: nobody loads a third. What a person opens in it has a line of its own.
 */
const budgets = { list: 140_000, console: 170_000, font: 30_000, embed: 200_000, opened: 15_000 }

/** What the page to embed loads when a person asks for it. Anything that is not here counts as loaded by itself. */
const opened = [
  'embed/keys-panel',
  'embed/size-panel',
  'find/find-bar',
  'keys/keypad',
  'size/match-dialog',
  'size/own-size-dialog',
  // It comes where a line does not look like UTF-8.
  'encoding/encoding-offer',
  'encoding/read-again-dialog',
]

/** What a browser says that it takes, and the ending of what it then gets. Every browser takes the first one. */
const encodings = { brotli: '.br', gzip: '.gz' }
type Encoding = keyof typeof encodings

const Manifest = z.record(
  z.string(),
  z.object({
    file: z.string(),
    css: z.array(z.string()).optional(),
    assets: z.array(z.string()).optional(),
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

/** The chunk and all that it imports, now or later, except what a person opens. */
function reach(key: string, found = new Set<string>()): Set<string> {
  for (const each of closure(key)) {
    if (found.has(each)) continue
    found.add(each)
    for (const imported of manifest[each]?.dynamicImports ?? [])
      if (!opened.some((part) => imported.includes(part))) reach(imported, found)
  }
  return found
}

/** As the server sends it: small files have no compressed form. */
function sentBytes(name: string, encoding: Encoding): number {
  const path = join(root, name)
  const compressed = `${path}${encodings[encoding]}`
  return statSync(existsSync(compressed) ? compressed : path).size
}

/** The worker that reads the line is a separate script, which no import of the manifest names. */
function worker(): string {
  const found = readdirSync(join(root, 'assets')).filter((name) => /^socket-worker-.*\.js$/.test(name))
  const [name] = found.toSorted(
    (a, b) => sentBytes(`assets/${b}`, 'brotli') - sentBytes(`assets/${a}`, 'brotli'),
  )
  if (name === undefined) throw new Error('no script of the socket worker')
  return `assets/${name}`
}

function filesOf(keys: Iterable<string>): Set<string> {
  const files = new Set<string>()
  for (const key of keys) {
    const chunk = manifest[key]
    for (const file of chunk ? [chunk.file, ...(chunk.css ?? [])] : []) files.add(file)
  }
  return files
}

function fontsOf(keys: Iterable<string>): string[] {
  const assets = [...keys].flatMap((key) => manifest[key]?.assets ?? [])
  return assets.filter((name) => name.endsWith('.woff2'))
}

const find = (part: string) => {
  const key = Object.keys(manifest).find((name) => name.includes(part))
  if (!key) throw new Error(`no chunk of ${part} in the manifest`)
  return key
}

const entry = closure('index.html')
// English comes with the entry. Every other language is loaded when chosen.
const consoleRoute = closure(find('console/console-entry'), closure(find('addon-webgl')))
for (const key of entry) consoleRoute.delete(key)

const list = filesOf(entry).add('index.html')

/** The chunks, with one language besides English. */
function withOneLanguage(keys: Set<string>): Set<string> {
  const languages = [...keys].filter((key) => /\/locales\/[a-z]{2}\.ts$/.test(key))
  const sizes = languages.map((key) => ({ key, size: sentBytes(manifest[key]?.file ?? '', 'brotli') }))
  const [, ...smaller] = sizes.toSorted((a, b) => b.size - a.size)
  return new Set([...keys].filter((key) => !smaller.some((language) => language.key === key)))
}

const embedded = withOneLanguage(reach('embed:embed.html'))
const openedInFrame = new Set<string>()
for (const part of opened)
  closure(find(`embed:src/web/${part.startsWith('embed/') ? '' : 'console/'}${part}`), openedInFrame)
for (const key of embedded) openedInFrame.delete(key)
if (fontsOf([...embedded, ...openedInFrame]).length > 0)
  throw new Error('the page to embed has no room for a font')

let failed = false
for (const [name, files] of [
  ['list', list],
  ['console', [...filesOf(consoleRoute).add(worker())].filter((file) => !list.has(file))],
  ['font', fontsOf(consoleRoute)],
  ['embed', filesOf(embedded).add('embed.html').add(worker())],
  ['opened', filesOf(openedInFrame)],
] as const) {
  const sent = (encoding: Encoding) => [...files].reduce((sum, file) => sum + sentBytes(file, encoding), 0)
  const value = sent('brotli')
  const pass = value <= budgets[name]
  failed ||= !pass
  console.log(
    JSON.stringify({
      bench: 'size',
      metric: `${name}, as it is sent`,
      value,
      unit: 'bytes brotli',
      gzip: sent('gzip'),
      target: budgets[name],
      pass,
    }),
  )
}
process.exit(failed ? 1 : 0)
