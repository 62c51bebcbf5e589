import concurrently from 'concurrently'

/**
 * Runs what a developer needs: the server, started again at each change, and Vite, which serves the page and passes
 * `/api` on. The browser sees Vite's origin only, so that is the public one: the server refuses requests for another
 * host, and the sandbox's gateway refuses pages of another origin.
 */
const page = process.env.DEV_PORT ?? '5173'
const api = process.env.BMS_CONSOLE_PORT ?? '8080'
const origins = ['localhost', '127.0.0.1', '[::1]'].map((host) => `http://${host}:${page}`)
const env = {
  BMS_CONSOLE_PUBLIC_ORIGINS: origins.join(),
  ...process.env,
  BMS_CONSOLE_PORT: api,
  // Vite serves the page at the root.
  BMS_CONSOLE_BASE_PATH: '',
}

const { result } = concurrently(
  [
    { name: 'server', command: 'tsx watch --clear-screen=false src/server/main.ts', env },
    // Another port would be another origin, so a taken one is an error here.
    { name: 'web', command: `vite --clearScreen false --port ${page} --strictPort`, env },
  ],
  { killOthersOn: ['failure', 'success'] },
)
// Ctrl+C ends both, and is no failure of theirs.
await result.catch(() => {
  process.exitCode = 1
})
