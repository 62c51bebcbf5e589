import { mkdir, rename, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('../../..', import.meta.url))
/** Below the project, so that it finds the packages */
const dir = `${root}node_modules/.cache/bms-console`

/**
 * Makes the program of a test's replicas, one file. From the sources, each would take three times as long to start, and
 * that on the cores that the others need.
 * @returns its path
 */
export async function makeReplicaProgram(): Promise<string> {
  const built = await build({
    configFile: false,
    root,
    logLevel: 'warn',
    build: {
      ssr: 'src/testing/replicas/replica-child.ts',
      target: 'node20',
      write: false,
      rolldownOptions: { output: { codeSplitting: false } },
    },
  })
  const chunk = 'output' in built ? built.output[0] : null
  if (!chunk) throw new Error('One build makes one output.')
  const file = `${dir}/replica.js`
  await mkdir(dir, { recursive: true })
  // Another process may start it at this moment: it finds the whole of the one or of the other.
  const part = `${file}.${process.pid}`
  await writeFile(part, chunk.code)
  await rename(part, file)
  return file
}
