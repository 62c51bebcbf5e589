import type { Page, Request, Response } from '@playwright/test'

/** All that a page sent, got, said and kept, as text: where a secret could have gone. */
export interface Traffic {
  /** Addresses of requests, of WebSockets and of the page itself. */
  urls: string[]
  headers: string[]
  requestBodies: string[]
  responseBodies: { url: string; text: string }[]
  sockets: string[]
  frames: string[]
  /** The browser's log. */
  said: string[]
  /** The document, the storages and the history. */
  kept: string
}

/** Watches from now on. @returns what was seen, once every body and header that began is here */
export function watchTraffic(page: Page): () => Promise<Traffic> {
  const requests: Request[] = []
  const responses: Response[] = []
  const sockets: string[] = []
  const frames: string[] = []
  const said: string[] = []
  page.on('request', (request) => void requests.push(request))
  page.on('response', (response) => void responses.push(response))
  page.on('console', (message) => void said.push(message.text()))
  page.on('pageerror', (error) => void said.push(String(error)))
  page.on('websocket', (socket) => {
    sockets.push(socket.url())
    const keep = ({ payload }: { payload: string | Buffer }) => void frames.push(payload.toString('latin1'))
    socket.on('framesent', keep)
    socket.on('framereceived', keep)
  })
  return async () => {
    const headers = await Promise.all([
      ...requests.map((request) => request.allHeaders()),
      ...responses.map((response) => response.allHeaders()),
    ])
    const responseBodies = await Promise.all(
      responses.map(async (response) => ({ url: response.url(), text: await response.text() })),
    )
    const kept = await page.evaluate(() =>
      JSON.stringify([
        document.documentElement.outerHTML,
        document.referrer,
        { ...localStorage },
        { ...sessionStorage },
        document.cookie,
        history.state,
      ]),
    )
    return {
      urls: [...requests.map((request) => request.url()), ...sockets, page.url()],
      headers: headers.map((each) => JSON.stringify(each)),
      requestBodies: requests.map((request) => request.postData() ?? ''),
      responseBodies,
      sockets,
      frames,
      said,
      kept,
    }
  }
}
