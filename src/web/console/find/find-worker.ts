import type { FromFindWorker, ToFindWorker } from './matcher.ts'
import { compile, findIn, packed } from './matching.ts'

// The thread that matches. See matcher.ts.

const worker = self as unknown as {
  onmessage: (event: MessageEvent<ToFindWorker>) => void
  postMessage(message: FromFindWorker, transfer?: Transferable[]): void
}

worker.onmessage = ({ data: { query, lines } }) => {
  const expression = compile(query)
  const found = packed(expression ? findIn(expression, lines) : [])
  worker.postMessage({ type: 'found', found }, [found.buffer])
}
worker.postMessage({ type: 'ready' })
