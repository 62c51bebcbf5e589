import * as z from 'zod/mini'
import { ServerId } from '../../shared/server.ts'

/** How many consoles one page has beside each other. */
export const MOST_CONSOLES = 9

/** The page of several consoles, and its parameter with their servers. */
const CONSOLES_PATH = '/consoles'

const Search = z.object({ servers: z.catch(z.optional(z.string()), undefined) })
/** The rest of the address is that page's. */
const Kept = z.looseObject(Search.shape)

/** @param text ids with commas between them. What is no id, is there twice, or is too much, is left out. */
export function serversIn(text: string | undefined): string[] {
  const ids = (text ?? '').split(',').filter((id) => ServerId.safeParse(id).success)
  return [...new Set(ids)].slice(0, MOST_CONSOLES)
}

interface Location {
  pathname: string
  search: unknown
}

/** Where one chooses the consoles to open beside this server's. */
export function besideOf({ pathname, search }: Location, serverId: string) {
  const there = pathname === CONSOLES_PATH ? Kept.parse(search) : {}
  return { to: CONSOLES_PATH, search: { ...there, servers: there.servers ?? serverId, add: '1' } } as const
}

/** Whether the page that is gone to has this server's console, too. Then nobody leaves it. */
export function keepsConsole({ pathname, search }: Location, serverId: string): boolean {
  if (pathname === `/servers/${serverId}/console`) return true
  return pathname === CONSOLES_PATH && serversIn(Search.parse(search).servers).includes(serverId)
}
