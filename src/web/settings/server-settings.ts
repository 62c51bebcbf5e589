import { useEffect, useSyncExternalStore } from 'react'
import * as z from 'zod/mini'
import { TerminalSize } from '../../shared/terminal-size.ts'
import { KeyboardSettings } from './keyboard-settings.ts'
import { lineEncodings } from './line-encoding.ts'

/** Each field needs a default, since anything may be stored. A group of fields is an object with defaults of its own. */
const ServerSettings = z.object({
  keyboard: z.catch(KeyboardSettings, KeyboardSettings.parse({})),
  /** Null: nobody has chosen one, and it is UTF-8. */
  encoding: z.catch(z.nullable(z.enum(lineEncodings)), null),
  /** As large as the window lets the terminal be, or always the same. */
  size: z.catch(z.union([z.literal('fit'), TerminalSize]), 'fit'),
})
/** What a person chose for one server. What holds for the whole product is in `settings.ts`. */
export type ServerSettings = z.infer<typeof ServerSettings>

const Entry = z.tuple([z.string(), ServerSettings])
/** The servers in order of use, the latest last. One that is not ours is no reason to lose the others. */
const Stored = z.array(z.catch(z.nullable(Entry), null))

const KEY = 'bms-console.servers'
const MOST = 500
const defaults = ServerSettings.parse({})
const listeners = new Set<() => void>()

function readStored(): Map<string, ServerSettings> {
  try {
    const entries = Stored.parse(JSON.parse(localStorage.getItem(KEY) ?? '[]'))
    return new Map(entries.filter((entry) => entry !== null))
  } catch {
    // It is not ours, or the browser denies the page its storage.
    return new Map()
  }
}

let known = readStored()

/** Stores the settings as those that were used last. */
function keep(serverId: string, settings: ServerSettings): void {
  try {
    // Another tab may have stored choices for other servers meanwhile.
    const stored = readStored()
    stored.delete(serverId)
    stored.set(serverId, settings)
    localStorage.setItem(KEY, JSON.stringify([...stored].slice(-MOST)))
  } catch {
    // The storage is full or denied: the choice holds until the page is closed.
  }
}

export const serverSettings = {
  /** The same object until something changes. */
  get: (serverId: string): ServerSettings => known.get(serverId) ?? defaults,
  set(serverId: string, change: Partial<ServerSettings>): void {
    const settings = ServerSettings.parse({ ...serverSettings.get(serverId), ...change })
    known = new Map(known).set(serverId, settings)
    keep(serverId, settings)
    for (const listener of listeners) listener()
  },
  /** The console of this server is open, so its settings are not the oldest. */
  use(serverId: string): void {
    const settings = known.get(serverId)
    if (settings) keep(serverId, settings)
  },
  subscribe(listener: () => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
}

/** Another tab chose. A console that is open there and here is the same line. */
window.addEventListener('storage', ({ key }) => {
  // null: everything was cleared
  if (key !== KEY && key !== null) return
  known = readStored()
  for (const listener of listeners) listener()
})

export function useServerSettings(serverId: string): ServerSettings {
  useEffect(() => serverSettings.use(serverId), [serverId])
  return useSyncExternalStore(serverSettings.subscribe, () => serverSettings.get(serverId))
}
