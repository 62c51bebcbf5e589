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

declare global {
  interface Window {
    /** What the page read as a stream, by its address: the browser keeps none of that. */
    streamed: Map<string, Promise<string>>
  }
}

/** Keeps a copy of each body that comes line by line. */
function keepStreams(): void {
  window.streamed = new Map()
  const { fetch } = window
  window.fetch = async (...asked) => {
    const response = await fetch(...asked)
    if (response.headers.get('content-type')?.includes('ndjson'))
      window.streamed.set(
        response.url,
        response
          .clone()
          .text()
          .catch(() => ''),
      )
    return response
  }
}

/** @throws where the browser has no body, and the page read none as a stream */
async function bodyOf(page: Page, response: Response): Promise<string> {
  const streamed = await page.evaluate((url) => window.streamed.get(url), response.url())
  return streamed ?? response.text()
}

/** Watches every page that is opened from now on. @returns what was seen, once every body and header that began is here */
export function watchTraffic(page: Page): () => Promise<Traffic> {
  const requests: Request[] = []
  const responses: Response[] = []
  const sockets: string[] = []
  const frames: string[] = []
  const said: string[] = []
  // Commands keep their order: it is there before the page is opened.
  void page.addInitScript(keepStreams)
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
      responses.map(async (response) => ({ url: response.url(), text: await bodyOf(page, response) })),
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
