import type { QueryClient } from '@tanstack/react-query'
import { steadyClock } from '../../shared/clock.ts'
import { failureOf, powerJob, powerServer } from '../api/client.ts'
import { listAnew, serverAnew, serverQuery, serversQuery } from '../api/queries.ts'
import { PowerDesk } from './desk.ts'
import { powerHostOf } from './power-host.tsx'
import { PowerPanel } from './power-panel.tsx'

const desks = new WeakMap<QueryClient, PowerDesk>()

/** The desk of this page. The first call puts its dialogs and notes on the page. */
export function deskOf(client: QueryClient): PowerDesk {
  const known = desks.get(client)
  if (known) return known
  const desk = new PowerDesk(
    {
      async power(id, action) {
        const accepted = await powerServer(id, { action })
        void serverAnew(client, id)
        return accepted
      },
      job: powerJob,
      async server(id) {
        const server = await client.fetchQuery({ ...serverQuery(id), staleTime: 0 })
        client.setQueryData(
          serversQuery().queryKey,
          (list) =>
            list && { ...list, servers: list.servers.map((known) => (known.id === id ? server : known)) },
        )
        return server
      },
      changed: () => void listAnew(client),
      failureOf,
    },
    steadyClock,
  )
  desks.set(client, desk)
  powerHostOf(client).show(() => <PowerPanel desk={desk} />)
  return desk
}
