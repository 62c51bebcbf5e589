// The work that cannot wait for the page's code. This file imports types only, so that nothing runs before it.

import type { ExchangeRequest } from '../../shared/embed.ts'

/** A ticket that came in the address, and its exchange, which has begun. */
export interface EarlyLaunch {
  ticket: string
  response: Promise<Response>
}

/** The same as `paths.embedExchange()`. Importing that would bring all schemas of the API along. */
const EXCHANGE = '/api/embed/exchange'

let launch: EarlyLaunch | null = null

export const early = {
  /** Takes the ticket out of the address, so that history, copied links and reloads do not hold it. */
  takeTicket(): void {
    const ticket = new URLSearchParams(location.hash.slice(1)).get('ticket')
    if (location.hash) history.replaceState(null, '', location.pathname + location.search)
    if (ticket) launch = { ticket, response: exchange(ticket) }
  },
  /** Gives the launch to the first who asks. */
  takeLaunch(): EarlyLaunch | null {
    const taken = launch
    launch = null
    return taken
  },
}

function exchange(ticket: string): Promise<Response> {
  const body: ExchangeRequest = { ticket }
  const response = fetch((document.documentElement.dataset.base ?? '') + EXCHANGE, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    credentials: 'omit',
    body: JSON.stringify(body),
  })
  // The page handles a failure once it takes the launch. Until then a failure must not count as unhandled.
  response.catch(() => {})
  return response
}
