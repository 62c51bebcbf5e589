import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'

/**
 * A page shows the console of this server. What remembers it loads later: nobody waits for it.
 * @param serverId undefined: it is not known yet that there is such a server
 */
export function useOpened(serverId: string | undefined): void {
  const client = useQueryClient()
  useEffect(() => {
    if (serverId !== undefined)
      void import('./keeper-of.ts').then(
        ({ noteOpened }) => noteOpened(client, serverId),
        () => {},
      )
  }, [client, serverId])
}
