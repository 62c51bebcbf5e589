import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { compressAssets } from './vite.compress.ts'
import { belowAnyPath, checks, common, embedPage, first } from './vite.embed.ts'
import { compiledWords } from './vite.words.ts'
import { readableText } from './vite.xterm.ts'

/** One config, two builds: the page (`vite build`) and the server (`vite build --ssr`). */
/** Replicas are killed in it. */
const DEATHS = 'src/testing/replicas/deaths.test.ts'

export default defineConfig(({ isSsrBuild }) => ({
  plugins: [react(), ...(isSsrBuild ? [] : [embedPage(), compiledWords(), readableText(), compressAssets()])],
  experimental: { renderBuiltUrl: belowAnyPath },
  publicDir: isSsrBuild ? false : 'public',
  build: isSsrBuild
    ? {
        outDir: 'dist/server',
        target: 'node20',
        emptyOutDir: true,
        rolldownOptions: {
          checks,
          // The server starts each worker as a file of its own, which lies beside whatever starts it.
          input: {
            main: 'src/server/main.ts',
            'reader-worker': 'src/server/recordings/reader-worker.ts',
            'index-worker': 'src/server/line-log/index/index-worker.ts',
            'search-worker': 'src/server/line-log/search/search-worker.ts',
          },
          output: { chunkFileNames: '[name]-[hash].js' },
        },
      }
    : {
        outDir: 'dist/web',
        emptyOutDir: true,
        manifest: true,
        target: 'es2022',
        minify: 'terser',
        terserOptions: { ecma: 2020, module: true, compress: { passes: 2 } },
        // Browsers of this target know modulepreload.
        modulePreload: { polyfill: false },
        // `npm run size` guards the budget, in bytes as they are sent.
        chunkSizeWarningLimit: 600,
        rolldownOptions: {
          checks,
          output: { codeSplitting: { groups: [first, common] } },
        },
      },
  worker: { rolldownOptions: { checks } },
  server: {
    proxy: { '/api': { target: `http://127.0.0.1:${process.env.BMS_CONSOLE_PORT ?? 8080}`, ws: true } },
  },
  test: {
    // Vitest leaves one core free by itself. A file in three waits for processes and sockets.
    maxWorkers: 3,
    testTimeout: 20_000,
    // A busy computer takes its time; what is awaited ends the wait, not the clock.
    expect: { poll: { timeout: 15_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: ['src/**/*.test.ts', 'e2e/lab/**/*.test.ts', 'bench/**/*.test.ts'],
          exclude: [DEATHS],
          // A third less to do, since files share what they import. No module of ours keeps state of its own.
          isolate: false,
        },
      },
      {
        // Components get a document; everything else is spared the cost of one.
        extends: true,
        test: {
          name: 'components',
          include: ['src/**/*.test.tsx'],
          environment: 'happy-dom',
          // What is imported serves all files: a third less to do. The set-up puts back what a test chose.
          isolate: false,
          setupFiles: ['src/testing/web/setup.ts'],
          // After the others: where files of both kinds take turns, each turn costs a new process.
          sequence: { groupOrder: 1 },
        },
      },
      {
        // It measures seconds that replicas need, on cores that nobody else wants.
        extends: true,
        test: { name: 'deaths', include: [DEATHS], sequence: { groupOrder: 2 } },
      },
    ],
  },
}))
