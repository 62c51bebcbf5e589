import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { compressAssets } from './vite.compress.ts'
import { belowAnyPath, checks, embedPage, first, MAIN } from './vite.embed.ts'
import { compiledWords } from './vite.words.ts'
import { readableText } from './vite.xterm.ts'

/**
 * Builds the page to embed, beside the others. React's own renderer would take a third of its byte budget, so Preact
 * draws the same components here.
 */
export default defineConfig({
  plugins: [react(), embedPage(), compiledWords(), readableText(), compressAssets()],
  experimental: { renderBuiltUrl: belowAnyPath },
  publicDir: false,
  resolve: {
    alias: [
      { find: /^react(-dom)?$/, replacement: 'preact/compat' },
      { find: /^react-dom\/client$/, replacement: 'preact/compat/client' },
      { find: /^react\/jsx-runtime$/, replacement: 'preact/jsx-runtime' },
      // It never says what only the other pages say.
      {
        find: /^\.\/(en-pages|(de|zh)-(consoles|pages|power|server|tools|way))\.ts$/,
        replacement: fileURLToPath(new URL('src/web/locales/no-pages.ts', import.meta.url)),
      },
      {
        find: /^\.\/use-way-words\.ts$/,
        replacement: fileURLToPath(new URL('src/web/ui/no-way-words.ts', import.meta.url)),
      },
    ],
  },
  build: {
    outDir: 'dist/web',
    emptyOutDir: false,
    manifest: '.vite/embed-manifest.json',
    target: 'es2022',
    minify: 'terser',
    terserOptions: { ecma: 2020, module: true, compress: { passes: 2 } },
    modulePreload: { polyfill: false },
    // `npm run size` guards the budget, in bytes as they are sent.
    chunkSizeWarningLimit: 600,
    rolldownOptions: {
      input: 'embed.html',
      checks,
      output: { codeSplitting: { groups: [first, { name: 'main', test: MAIN }] } },
    },
  },
})
