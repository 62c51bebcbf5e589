import { Agent, fetch as undiciFetch } from 'undici'

export interface TlsOptions {
  /** Certificates to trust instead of the system's, PEM */
  ca: string | null
  /** False: no certificate is checked, so any server may pose as the cloud. */
  verify: boolean
}

/** Node's own `fetch` has no option for trusted certificates; undici's has. @returns undefined if neither is needed */
export function fetchOver({ ca, verify }: TlsOptions): typeof fetch | undefined {
  if (verify && ca === null) return undefined
  const dispatcher = new Agent({ connect: verify ? { ca: ca ?? undefined } : { rejectUnauthorized: false } })
  // Node's fetch is undici's. Only the names of the types differ.
  const over = (input: string | URL, init?: RequestInit) =>
    undiciFetch(input, { ...(init as Parameters<typeof undiciFetch>[1]), dispatcher })
  return over as unknown as typeof fetch
}
