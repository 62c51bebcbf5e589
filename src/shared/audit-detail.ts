import type { AuditAction } from './audit.ts'

/** Details of events that are one of few. The log and its CSV have these, the page says them in the reader's language. */
export const exactDetails = {
  writer: 'had the keyboard',
  reader: 'read-only',
  page: 'page',
  raw: 'raw',
  follow: 'follow',
  csv: 'csv',
  token: 'token',
  embed: 'embed',
  embedRenewed: 'embed, renewed',
  everywhere: 'everywhere',
} as const
export type ExactDetail = keyof typeof exactDetails

/** How details begin that end with a name, an offset or a list. */
export const detailBeginnings = {
  handedBy: 'handed by ',
  handedTo: 'handed to ',
  markSet: 'set at offset ',
  markRemoved: 'taken away at offset ',
  projects: 'projects ',
} as const
export type BegunDetail = keyof typeof detailBeginnings

interface Details {
  exact?: readonly ExactDetail[]
  begun?: readonly BegunDetail[]
}

/** Names are details, too, and users choose them. So each action has its own. */
const detailsOf: Partial<Record<AuditAction, Details>> = {
  'sign-in': { exact: ['token', 'embed', 'embedRenewed'], begun: ['projects'] },
  'sign-out': { exact: ['everywhere'] },
  'close-console': { exact: ['writer', 'reader'] },
  'take-keyboard': { begun: ['handedTo'] },
  'get-keyboard': { begun: ['handedBy'] },
  'mark-line': { begun: ['markSet', 'markRemoved'] },
  'read-log': { exact: ['page', 'raw', 'follow'] },
  'read-audit': { exact: ['page', 'csv'] },
}

export type KnownDetail =
  | { kind: 'exact'; key: ExactDetail }
  | { kind: 'begun'; key: BegunDetail; rest: string }

/** @returns null for a detail that is a name, an id, a route or a reason */
export function knownDetail(action: AuditAction, detail: string): KnownDetail | null {
  const { exact = [], begun = [] } = detailsOf[action] ?? {}
  const same = exact.find((key) => exactDetails[key] === detail)
  if (same) return { kind: 'exact', key: same }
  const key = begun.find((each) => detail.startsWith(detailBeginnings[each]))
  return key ? { kind: 'begun', key, rest: detail.slice(detailBeginnings[key].length) } : null
}
