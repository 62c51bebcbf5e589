import type { Frame } from 'playwright'
import * as z from 'zod/mini'
import { EmbedCommand, EmbedEvent } from '../../src/shared/embed.ts'

const Heard = z.object({ origin: z.string(), data: z.unknown() })
type Heard = z.infer<typeof Heard>

/** Runs in every frame before its own scripts: keeps the messages that the frame gets. */
export function listen(): void {
  const heard: unknown[] = []
  Object.defineProperty(window, 'bmsConsoleHeard', { value: heard })
  window.addEventListener('message', ({ origin, data }) => heard.push({ origin, data }), { capture: true })
}

async function heardBy(frame: Frame): Promise<Heard[]> {
  const heard = await frame.evaluate(() => Reflect.get(window, 'bmsConsoleHeard') as unknown)
  return z.parse(z.array(Heard), heard ?? [])
}

/** What the page was told by the console. */
export async function eventsAt(page: Frame, console: string): Promise<EmbedEvent[]> {
  const events = (await heardBy(page)).filter(({ origin }) => origin === console)
  return events.map(({ data }) => EmbedEvent.safeParse(data)).flatMap(({ data }) => data ?? [])
}

/** What the console was told, and by whom. */
export async function commandsAt(frame: Frame): Promise<{ origin: string; command: EmbedCommand }[]> {
  return (await heardBy(frame)).flatMap(({ origin, data }) => {
    const command = EmbedCommand.safeParse(data)
    return command.success ? { origin, command: command.data } : []
  })
}
