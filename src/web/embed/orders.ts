import type { OpenConsole } from '../console/use-console.ts'
import { languageOf } from '../locales/words.ts'
import { type Settings, settings } from '../settings/settings.ts'
import type { Order, Telling } from './host.ts'
import type { Launch } from './launch.ts'

/** The console that is on the page, and the guarded way into it. */
export interface Standing extends OpenConsole {
  paste: (text: string) => void
}

/** Does what the page around asks for. Without a console most of it has no object, and is let go. */
export function follow(
  order: Order,
  launch: Launch,
  standing: Standing | null,
  tell: (event: Telling) => void,
): void {
  switch (order.type) {
    case 'launch':
      return void launch.launch(order.ticket)
    case 'renew-ticket':
      return void launch.renew(order.ticket)
    case 'connect':
      return standing?.session.connect()
    case 'disconnect':
      return standing?.session.disconnect()
    case 'focus':
      return standing?.terminal.focus()
    case 'send':
      return standing?.session.sendText(order.text)
    case 'paste':
      return standing?.paste(order.text)
    case 'set':
      return settings.borrow(wishes(order))
    case 'get-transcript':
      return tell({ type: 'transcript', id: order.id, text: standing?.terminal.transcript() ?? '' })
  }
}

interface Wishes {
  theme?: Settings['theme'] | undefined
  language?: string | null | undefined
  fontSize?: number | undefined
}

/** What a portal wants of the looks, as settings; what it does not name stays. */
export function wishes({ theme, language, fontSize }: Wishes): Partial<Settings> {
  return {
    ...(theme ? { theme } : {}),
    ...(language ? { language: languageOf(language) } : {}),
    ...(fontSize ? { fontSize } : {}),
  }
}
