import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { embedPage } from './vite.embed.ts'

/**
 * The page to embed, built beside the others. React's own renderer has a third of its byte budget, so the same
 * components are drawn by Preact here.
 */
export default defineConfig({
  plugins: [react(), embedPage()],
  publicDir: false,
  resolve: {
    alias: [
      { find: /^react(-dom)?$/, replacement: 'preact/compat' },
      { find: /^react-dom\/client$/, replacement: 'preact/compat/client' },
      { find: /^react\/jsx-runtime$/, replacement: 'preact/jsx-runtime' },
    ],
  },
  build: {
    outDir: 'dist/web',
    emptyOutDir: false,
    manifest: '.vite/embed-manifest.json',
    target: 'es2022',
    modulePreload: { polyfill: false },
    rolldownOptions: { input: 'embed.html' },
  },
})
