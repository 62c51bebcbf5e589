import { Agent, fetch as undiciFetch } from 'undici'

export interface TlsOptions {
  /** Certificates to trust instead of the system's, PEM. */
  ca: string | null
  /** False: whoever answers is believed to be the cloud. */
  verify: boolean
}

/** Node's own `fetch` cannot be told whom to trust; undici's can. @returns undefined where nothing is special */
export function fetchOver({ ca, verify }: TlsOptions): typeof fetch | undefined {
  if (verify && ca === null) return undefined
  const dispatcher = new Agent({ connect: verify ? { ca: ca ?? undefined } : { rejectUnauthorized: false } })
  // The same API from the same source: only the names of its types differ from those of Node.
  const over = (input: string | URL, init?: RequestInit) =>
    undiciFetch(input, { ...(init as Parameters<typeof undiciFetch>[1]), dispatcher })
  return over as unknown as typeof fetch
}
