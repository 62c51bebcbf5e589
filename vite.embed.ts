import type { Plugin } from 'vite'

/** A slow computer is no fault of the build: what it warns of must be something to mend. */
export const checks = { bundlerTimings: false }

/**
 * Scripts and styles find each other beside themselves, so they work below any path. The pages name them from the root:
 * the server puts its path in front when it starts.
 */
export const belowAnyPath = (_file: string, { hostType }: { hostType: string }) => ({
  relative: hostType !== 'html',
})

/**
 * One file for all that an entry imports statically. What a later part shares with it would be a file of its own
 * otherwise, and many files compress worse: the list had 3.8 kB more of them, the embedded page 6.5 kB.
 */
export const first = { name: 'first', tags: ['$initial' as const], priority: 1 }

/**
 * One file for small modules that the console's page shares with later parts. A bundler gives each a file of its own
 * otherwise: most have 200 bytes, which nothing compresses, and each is named once more in the first script. What these
 * modules import comes along, so none of them may import the terminal, or Radix.
 */
export const common = {
  name: 'common',
  test: new RegExp(
    [
      'node_modules/lucide-react/',
      '/useMutation\\.js$',
      '/src/web/(settings|in-use)/',
      '/src/web/ui/(dialog|clipboard|use-round-duration)\\.',
      '/src/web/(history|power|server-page)/(queries|power|obstacle|abilities)\\.ts',
      '/src/web/locales/more-words',
      '/src/web/console/(bytes|colours/contrast|keys/key-name|links/link(ed-row|s))',
    ].join('|'),
  ),
  minShareCount: 2,
}

const PAGE = 'embed.html'
/** The page's first script is tiny and loads this one at once. */
export const MAIN = /\/src\/web\/embed\/main\.tsx$/

/** A portal loads the SDK by these names. */
const SDK_SOURCES: Readonly<Record<string, string>> = {
  '/sdk/bms-console.js': '/src/sdk/bms-console.ts',
  '/sdk/react.js': '/src/sdk/react.tsx',
}

/**
 * Serves the page to embed in development, and completes the built one. The page's first script takes the ticket out of
 * the address before any other script runs. It therefore has no static imports, so the browser would learn late what it
 * needs. The built page names those files from the start.
 */
export function embedPage(): Plugin {
  return {
    name: 'bms-console:embed-page',
    configureServer({ middlewares }) {
      middlewares.use((request, _response, next) => {
        const url = request.url ?? ''
        if (/^\/embed(\/|$)/.test(url)) request.url = `/${PAGE}`
        const source = SDK_SOURCES[url]
        if (source) request.url = source
        next()
      })
    },
    transformIndexHtml: {
      order: 'post',
      handler(html, { filename, bundle, server }) {
        if (!filename.endsWith(PAGE)) return
        if (server) {
          // The server does the same with the built page.
          const origins = process.env.BMS_CONSOLE_EMBED_ORIGINS?.split(',') ?? []
          return html.replace(/\{\s*"origins":\s*\[\]\s*\}/, () => JSON.stringify({ origins }))
        }
        const main = Object.values(bundle ?? {}).find(
          (file) => file.type === 'chunk' && file.moduleIds.some((id) => MAIN.test(id)),
        )
        if (main?.type !== 'chunk') throw new Error(`${PAGE} has no main script`)
        const scripts = new Set<string>()
        const styles = new Set<string>()
        const add = (name: string) => {
          const file = bundle?.[name]
          if (file?.type !== 'chunk' || scripts.has(name)) return
          scripts.add(name)
          for (const style of file.viteMetadata?.importedCss ?? []) styles.add(style)
          for (const imported of file.imports) add(imported)
        }
        add(main.fileName)
        const link = (attributes: Record<string, string | true>) =>
          ({ tag: 'link', attrs: { crossorigin: true, ...attributes }, injectTo: 'head' }) as const
        return [...scripts]
          .filter((name) => !html.includes(name))
          .map((name) => link({ rel: 'modulepreload', href: `/${name}` }))
          .concat([...styles].map((name) => link({ rel: 'stylesheet', href: `/${name}` })))
      },
    },
  }
}
