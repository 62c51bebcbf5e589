import { fetch as undiciFetch } from 'undici'
import { type DispatcherOptions, dispatcherOver } from './dispatcher.ts'

/** For libraries that want a `fetch`. Calls to a cloud go by `callerOver`, which takes a quarter of the processor. */
export function fetchOver(options: DispatcherOptions = {}): typeof fetch {
  const dispatcher = dispatcherOver(options)
  // Node's fetch is undici's. Only the names of the types differ.
  const over = (input: string | URL, init?: RequestInit) =>
    undiciFetch(input, { ...(init as Parameters<typeof undiciFetch>[1]), dispatcher })
  return over as unknown as typeof fetch
}
