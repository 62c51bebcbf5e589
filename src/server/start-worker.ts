import { type Transferable, Worker } from 'node:worker_threads'

/** Starts a thread with a bound on its memory. @param file as TypeScript where the server runs from its sources */
export function startWorker(
  file: URL,
  workerData: unknown,
  heapMiB: number,
  transferList: Transferable[] = [],
): Worker {
  const options = {
    workerData,
    transferList,
    resourceLimits: { maxOldGenerationSizeMb: heapMiB, maxYoungGenerationSizeMb: 32 },
  }
  if (!file.pathname.endsWith('.ts')) return new Worker(file, options)
  // Node 20 does not read TypeScript by itself.
  const starter = `import('tsx/esm/api').then(({ register }) => { register(); return import('${file.href}') })`
  return new Worker(starter, { ...options, eval: true, execArgv: [] })
}

export const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
