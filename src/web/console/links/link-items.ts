import { useRouter } from '@tanstack/react-router'
import { Link2 } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { copyText } from '../../ui/clipboard.ts'
import type { BarContext, BarItem } from '../bar/bar-item.ts'
import { useSession } from '../use-console.ts'
import { linkTo } from './line-link.ts'
import { linesOf } from './lines-of.ts'

/** So much of the line is said again, so that a person sees which one the link names. */
const SAID = 60

/** Copies a link to the selected line, or to the one that the person most likely means. */
export function useLinkItems({ open, serverId, announce }: BarContext): BarItem[] {
  const t = useTranslations('lineLinks')
  const console = useTranslations('console')
  const router = useRouter()
  const { transport } = useSession(open.session)
  const copy = async () => {
    const { screen } = open.terminal
    const row = screen.meantRow
    if (row === null) return announce(t('fullScreen'))
    const link = linkTo(row, linesOf(open))
    if (!link) return announce(t('unknown'))
    const { publicHref } = router.buildLocation({
      to: '/servers/$serverId/console',
      params: { serverId },
      search: { at: link.at, session: link.session ?? undefined },
    })
    const copied = await copyText(new URL(publicHref, location.href).href)
    if (!copied) return announce(console('copyBlocked'))
    const text = screen.lineOf(row).trim()
    const line = text.length > SAID ? `${text.slice(0, SAID)}…` : text
    announce(
      t(link.session === null ? 'copied' : 'copiedForSession', { line: line === '' ? t('blank') : line }),
    )
  }
  return [
    {
      kind: 'action',
      label: t('copy'),
      Icon: Link2,
      run: () => void copy(),
      disabled: transport === 'direct' ? t('direct') : undefined,
    },
  ]
}
