import type { FromFindWorker, ToFindWorker } from './matcher.ts'
import { compile, findIn } from './matching.ts'

// The thread that matches. See matcher.ts.

const worker = self as unknown as {
  onmessage: (event: MessageEvent<ToFindWorker>) => void
  postMessage(message: FromFindWorker): void
}

worker.onmessage = ({ data: { query, lines } }) => {
  const expression = compile(query)
  worker.postMessage({ type: 'found', found: expression ? findIn(expression, lines) : [] })
}
worker.postMessage({ type: 'ready' })
