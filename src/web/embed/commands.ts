import type { SizeChoice } from '../console/size/size-choice.ts'
import type { OpenConsole } from '../console/use-console.ts'
import { languageOf } from '../locales/words.ts'
import { type Settings, settings } from '../settings/settings.ts'
import type { HostCommand, HostEvent } from './host.ts'
import type { Launch } from './launch.ts'
import type { PortalWishes } from './portal-wishes.ts'

/** The console that is on the page. `paste` cleans the text, and asks where it must. */
export interface AttachedConsole extends Pick<OpenConsole, 'session' | 'terminal'> {
  paste: (text: string) => void
  find: () => void
  setSize: (size: SizeChoice) => void
}

/** Does what the host page asks for. Without a console, most commands have nothing to act on and are ignored. */
export function runCommand(
  command: HostCommand,
  launch: Launch,
  console: AttachedConsole | null,
  wishes: PortalWishes,
  send: (event: HostEvent) => void,
): void {
  switch (command.type) {
    case 'launch':
      return void launch.launch(command.ticket)
    case 'renew-ticket':
      return void launch.renew(command.ticket)
    case 'connect':
      return console?.session.connect()
    case 'disconnect':
      return console?.session.disconnect()
    case 'focus':
      return console?.terminal.focus()
    case 'send':
      return console?.session.sendText(command.text)
    case 'paste':
      return console?.paste(command.text)
    case 'set':
      wishes.set(command)
      return settings.borrow(requestedSettings(command))
    case 'find':
      return console?.find()
    case 'keypad':
      return settings.set({ keypad: !settings.get().keypad })
    case 'set-size':
      return console?.setSize(command.size)
    case 'take-keyboard':
      return console?.session.takeKeyboard()
    case 'get-transcript':
      return send({ type: 'transcript', id: command.id, text: console?.terminal.transcript() ?? '' })
  }
}

interface RequestedLook {
  theme?: Settings['theme'] | undefined
  language?: string | null | undefined
  fontSize?: number | undefined
}

/** The look that a portal asks for, as settings. What it does not name stays as it is. */
export function requestedSettings({ theme, language, fontSize }: RequestedLook): Partial<Settings> {
  return {
    ...(theme ? { theme } : {}),
    ...(language ? { language: languageOf(language) } : {}),
    ...(fontSize ? { fontSize } : {}),
  }
}
