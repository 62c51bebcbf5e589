import { type ShouldBlockFn, useRouter } from '@tanstack/react-router'
import { loadPart } from '../../ui/load-part.ts'

type Place = Parameters<ShouldBlockFn>[0]['next']

/**
 * Fetches the page that a person goes to, while this one is still there. If it does not come, the page tells so, and
 * offers to try again: with success it goes there.
 * @returns whether it is here
 */
export function useNextPage(): (next: Place) => Promise<boolean> {
  const router = useRouter()
  return ({ routeId, pathname, search }) =>
    new Promise((resolve) => {
      const { page } = router.routesById[routeId].options.staticData ?? {}
      if (!page) return resolve(true)
      let asked = true
      loadPart(
        page.fetch,
        () => {
          if (asked) resolve(true)
          else void router.navigate({ to: pathname, search })
        },
        () => {
          asked = false
          resolve(false)
        },
      )
    })
}
