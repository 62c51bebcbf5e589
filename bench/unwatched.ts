import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { chromium, type Page } from 'playwright'
import { WebSocket } from 'ws'
import * as z from 'zod'
import playwrightConfig from '../playwright.config.ts'

// Playwright has the browser report all traffic of a page. Each frame of a WebSocket is then written as text, passed to the
// browser's main process and from there to the test: a flood through the page took twice as long so. Benchmarks of a line
// open it with Playwright, let go of the browser, and ask it for what they need and nothing else.

const Message = z.object({
  id: z.number().optional(),
  result: z.optional(z.unknown()),
  error: z.object({ message: z.string() }).optional(),
})
const Targets = z.object({
  targetInfos: z.array(z.object({ targetId: z.string(), type: z.string() })),
})
const Attached = z.object({ sessionId: z.string() })
const Evaluated = z.object({
  result: z.object({ value: z.optional(z.unknown()) }),
  exceptionDetails: z.object({ text: z.string() }).optional(),
})
const ProcessInfo = z.object({ processInfo: z.array(z.object({ cpuTime: z.number() })) })

export interface UnwatchedBrowser {
  /** Does something with its one page by Playwright, which lets go of it afterwards. */
  drive<Result>(run: (page: Page) => Promise<Result>): Promise<Result>
  /** @param expression its value, or that of its promise, must be JSON */
  evaluate(expression: string): Promise<unknown>
  /** A command of the DevTools protocol to the page */
  send(method: string, params?: object): Promise<unknown>
  /** The processor time that all its processes have used, s */
  processorTime(): Promise<number>
  close(): Promise<void>
}

/** A browser with one page of 1440x900, which nobody watches while nobody drives it. */
export async function startUnwatched(): Promise<UnwatchedBrowser> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bms-console-browser-'))
  const { executablePath = chromium.executablePath(), args = [] } = playwrightConfig.use?.launchOptions ?? {}
  const flags = ['--headless', '--remote-debugging-port=0', '--window-size=1440,900', '--hide-scrollbars']
  const child = spawn(executablePath, [...flags, `--user-data-dir=${folder}`, ...args, 'about:blank'], {
    // A group of its own: where the command is a script, the browser is a child of it.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const endpoint = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const found = /DevTools listening on (ws:\S+)/.exec(said)?.[1]
      if (found) resolve(found)
    })
    child.on('exit', () => reject(new Error(`The browser ended: ${said}`)))
  })
  const socket = new WebSocket(endpoint, { perMessageDeflate: false, maxPayload: 0 })
  await once(socket, 'open')
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  let last = 0
  socket.on('message', (data) => {
    const { id, result, error } = Message.parse(JSON.parse(String(data)))
    if (id === undefined) return
    const asked = waiting.get(id)
    waiting.delete(id)
    if (error) asked?.reject(new Error(error.message))
    else asked?.resolve(result)
  })
  const command = (method: string, params: object, session: object) =>
    new Promise<unknown>((resolve, reject) => {
      last += 1
      waiting.set(last, { resolve, reject })
      socket.send(JSON.stringify({ id: last, method, params, ...session }))
    })
  const { targetInfos } = Targets.parse(await command('Target.getTargets', {}, {}))
  const targetId = targetInfos.find(({ type }) => type === 'page')?.targetId
  const session = Attached.parse(await command('Target.attachToTarget', { targetId, flatten: true }, {}))
  const send = (method: string, params: object = {}) => command(method, params, session)

  return {
    async drive(run) {
      const browser = await chromium.connectOverCDP(endpoint)
      const page = browser.contexts()[0]?.pages()[0]
      if (!page) throw new Error('The browser has no page.')
      // What compiles these files names functions with a helper that the page lacks.
      await page.addInitScript('globalThis.__name = (named) => named')
      const result = await run(page)
      await browser.close()
      return result
    },
    async evaluate(expression) {
      const { result, exceptionDetails } = Evaluated.parse(
        await send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true }),
      )
      if (exceptionDetails) throw new Error(exceptionDetails.text)
      return result.value
    },
    send,
    async processorTime() {
      const { processInfo } = ProcessInfo.parse(await command('SystemInfo.getProcessInfo', {}, {}))
      return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0)
    },
    async close() {
      const ended = once(child, 'exit')
      socket.terminate()
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
      await ended
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
