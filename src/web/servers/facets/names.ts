import { useTranslations } from 'use-intl'
import { Server } from '../../../shared/server.ts'
import type { Facet } from '../model/facets.ts'

const statuses: ReadonlySet<string> = new Set(Server.shape.status.options)

/** Names facets and their values in the reader's language. */
export function useNames() {
  const t = useTranslations('facets')
  const servers = useTranslations('servers')
  return {
    facet(facet: Facet): string {
      switch (facet) {
        case 'project':
        case 'region':
        case 'enterprise':
          return servers(`places.${facet}`)
        case 'system':
          return servers('os')
        case 'tag':
          return t('tag')
        default:
          return servers(facet)
      }
    },
    /** @param name the model's own */
    value(facet: Facet, value: string, name: string): string {
      switch (facet) {
        case 'status':
          return isStatus(value) ? servers(`statuses.${value}`) : name
        case 'power':
          return servers(value === 'on' ? 'on' : value === 'off' ? 'off' : 'unknownPower')
        case 'system':
          return value === 'linux' || value === 'windows' || value === 'unknown'
            ? t(`systems.${value}`)
            : name
        default:
          return name
      }
    },
  }
}

/** Else it is the cloud's own word. */
const isStatus = (value: string): value is Server['status'] => statuses.has(value)
