import type { BrowserContext, ElementHandle, Frame, Page, Request } from 'playwright'
import { paths } from '../../src/shared/api.ts'
import { EMBED_VERSION, ExchangeRequest } from '../../src/shared/embed.ts'
import { eventsAt, listen } from './spy.ts'

export interface Portal {
  /** The address of the page with the console */
  page: string
  /** The console's origin; null: that of the frame */
  console: string | null
  /** What has to be clicked before the console is there, as Playwright's selector */
  click: string | null
  /** For the portal only */
  headers: Record<string, string>
  cookies: { name: string; value: string }[]
  /** How long anything may take, ms */
  timeoutMs: number
}

/** Holds, or throws with what is wrong. */
export type Check = [name: string, run: () => Promise<void> | void]

export const envelope = { channel: 'bms-console', version: EMBED_VERSION }

/** One visit of the page, with all that went over the wire. */
export class Visit {
  readonly requests: Request[] = []
  readonly complaints: string[] = []
  #tickets: string[] = []

  private constructor(
    readonly page: Page,
    readonly portal: Portal,
  ) {
    page.on('request', (request) => {
      this.requests.push(request)
      if (new URL(request.url()).pathname !== paths.embedExchange()) return
      const body = ExchangeRequest.safeParse(JSON.parse(request.postData() ?? 'null'))
      if (body.success) this.#tickets.push(body.data.ticket)
    })
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text())
    })
    page.on('pageerror', (error) => this.complaints.push(error.message))
  }

  static async start(context: BrowserContext, portal: Portal): Promise<Visit> {
    const page = await context.newPage()
    await page.addInitScript(listen)
    const visit = new Visit(page, portal)
    await page.goto(portal.page)
    if (portal.click) await page.click(portal.click)
    return visit
  }

  get tickets(): readonly string[] {
    return this.#tickets
  }

  /** The console's frame, as soon as it is there. */
  async frame(): Promise<Frame> {
    return this.until('No frame with the path /embed/… of a console on another origin', () =>
      this.page.frames().find((frame) => isConsole(frame, this.portal)),
    )
  }

  async origin(): Promise<string> {
    return new URL((await this.frame()).url()).origin
  }

  async element(): Promise<ElementHandle<HTMLIFrameElement>> {
    // A frame's element is an iframe, or one of the long gone framesets.
    return (await (await this.frame()).frameElement()) as ElementHandle<HTMLIFrameElement>
  }

  async events() {
    return eventsAt(this.page.mainFrame(), await this.origin())
  }

  /** @throws Error with these words when it does not come */
  async until<T>(words: string, look: () => T | Promise<T>): Promise<NonNullable<T>> {
    const end = Date.now() + this.portal.timeoutMs
    for (;;) {
      const found = await look()
      if (found) return found
      if (Date.now() > end) throw new Error(words)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

function isConsole(frame: Frame, { page, console: wanted }: Portal): boolean {
  if (!URL.canParse(frame.url())) return false
  const { origin, pathname } = new URL(frame.url())
  return pathname.startsWith('/embed/') && (wanted ? origin === wanted : origin !== new URL(page).origin)
}
