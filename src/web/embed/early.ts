// What cannot wait until the page's code is here. It imports types only, so that nothing runs before it.

import type { ExchangeRequest } from '../../shared/embed.ts'

/** A ticket that came in the address, and its exchange, which is under way. */
export interface EarlyLaunch {
  ticket: string
  response: Promise<Response>
}

/** As `paths.embedExchange()` has it: importing it would bring all schemas of the API along. */
const EXCHANGE = '/api/embed/exchange'

let launch: EarlyLaunch | null = null

export const early = {
  /** Out of the address, and with it out of the history, of what is copied from it, and of a reload. */
  takeTicket(): void {
    const ticket = new URLSearchParams(location.hash.slice(1)).get('ticket')
    if (location.hash) history.replaceState(null, '', location.pathname + location.search)
    if (ticket) launch = { ticket, response: exchange(ticket) }
  },
  /** Given once. */
  takeLaunch(): EarlyLaunch | null {
    const taken = launch
    launch = null
    return taken
  },
}

function exchange(ticket: string): Promise<Response> {
  const body: ExchangeRequest = { ticket }
  const response = fetch(EXCHANGE, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    credentials: 'omit',
    body: JSON.stringify(body),
  })
  // Whoever takes it handles its failure; until then it is nobody's.
  response.catch(() => {})
  return response
}
