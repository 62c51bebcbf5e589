import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** What `tsc -p tsconfig.sdk.json` has written; the other modules' declarations are nobody's business. */
const declarations: Plugin = {
  name: 'sdk-declarations',
  generateBundle() {
    for (const name of ['bms-console.d.ts', 'react.d.ts', 'types.d.ts']) {
      this.emitFile({
        type: 'asset',
        fileName: name,
        // They name our sources; beside the SDK there are scripts.
        source: readFileSync(path(`dist/types/sdk/${name}`), 'utf8').replaceAll(".ts'", ".js'"),
      })
    }
  },
}

/** The wrapper loads the element's own file, not a part of both under a name that changes. */
const oneElement: Plugin = {
  name: 'sdk-one-element',
  enforce: 'pre',
  resolveId: (source, importer) =>
    importer && source === './bms-console.ts' ? { id: './bms-console.js', external: true } : null,
}

/** The SDK, beside the built page: the server lets pages of other origins load it. */
export default defineConfig({
  publicDir: false,
  plugins: [oneElement, declarations],
  build: {
    outDir: 'dist/web/sdk',
    emptyOutDir: true,
    target: 'es2022',
    lib: {
      entry: { 'bms-console': path('src/sdk/bms-console.ts'), react: path('src/sdk/react.tsx') },
      formats: ['es'],
      // Names without a hash: a portal writes them down.
      fileName: (_format, name) => `${name}.js`,
    },
    rolldownOptions: {
      external: ['react'],
      output: { minify: true },
    },
  },
})
