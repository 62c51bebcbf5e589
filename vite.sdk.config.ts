import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'
import { compressAssets } from './vite.compress.ts'
import { checks } from './vite.embed.ts'

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** Publishes declarations that `tsc -p tsconfig.sdk.json` wrote. A portal needs these three only. */
const declarations: Plugin = {
  name: 'sdk-declarations',
  generateBundle() {
    for (const name of ['bms-console.d.ts', 'react.d.ts', 'types.d.ts']) {
      this.emitFile({
        type: 'asset',
        fileName: name,
        // The declarations name our sources, but the SDK ships scripts.
        source: readFileSync(path(`dist/types/sdk/${name}`), 'utf8').replaceAll(".ts'", ".js'"),
      })
    }
  },
}

/** The React wrapper loads the element's file. Otherwise both would load a chunk whose name changes. */
const oneElement: Plugin = {
  name: 'sdk-one-element',
  enforce: 'pre',
  resolveId: (source, importer) =>
    importer && source === './bms-console.ts' ? { id: './bms-console.js', external: true } : null,
}

/** Builds the SDK beside the page. The server lets pages of other origins load it. */
export default defineConfig({
  publicDir: false,
  plugins: [oneElement, declarations, compressAssets()],
  build: {
    outDir: 'dist/web/sdk',
    emptyOutDir: true,
    target: 'es2022',
    lib: {
      entry: { 'bms-console': path('src/sdk/bms-console.ts'), react: path('src/sdk/react.tsx') },
      formats: ['es'],
      // No hash in the names, because portals write them down.
      fileName: (_format, name) => `${name}.js`,
    },
    rolldownOptions: {
      external: ['react'],
      checks,
      output: { minify: true },
    },
  },
})
