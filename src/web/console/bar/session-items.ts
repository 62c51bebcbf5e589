import { useRouter } from '@tanstack/react-router'
import { CircleDot, CircleStop, Columns2, Download, FileText, History } from 'lucide-react'
import { useTranslations } from 'use-intl'
import type { Server } from '../../../shared/server.ts'
import { useWatch } from '../../watch/use-watch.ts'
import { besideOf } from '../beside.ts'
import { useCopyItems } from '../copy/copy-items.ts'
import { useLinkItems } from '../links/link-items.ts'
import { useMarkItems } from '../marks/mark-items.ts'
import { useBootItems } from '../older/boot-items.ts'
import { useMayReadLog } from '../older/use-may-read-log.ts'
import { hasKeyboard } from '../session/viewers.ts'
import { useSession } from '../use-console.ts'
import type { BarContext, BarItem } from './bar-item.ts'

/** The menu Session: what is kept of what the line says. Each feature adds a line. */
export function useSessionItems(bar: BarContext, server: Server | undefined): BarItem[][] {
  return [
    useBesideItems(bar),
    [...useRecordItems(bar), ...useWatchItems(bar, server)],
    [
      ...usePageItems(bar),
      ...useBootItems(bar),
      ...useHistoryItems(bar),
      ...useDownloadItems(bar),
      ...useCopyItems(bar),
      ...useLinkItems(bar),
      ...useMarkItems(bar),
    ],
  ]
}

/** Goes to the page of several consoles, which asks for the others. There this one is open again. */
function useBesideItems({ serverId }: BarContext): BarItem[] {
  const t = useTranslations('bar')
  const router = useRouter()
  return [
    {
      kind: 'action',
      label: t('beside'),
      Icon: Columns2,
      run: () => void router.navigate(besideOf(router.state.location, serverId)),
    },
  ]
}

function useRecordItems({ open: { session } }: BarContext): BarItem[] {
  const t = useTranslations('bar')
  const { recording, viewers, may } = useSession(session)
  if (!recording?.mayChange || !(hasKeyboard(viewers) || may?.record === false)) return []
  return [
    {
      kind: 'action',
      label: t(recording.on ? 'stopRecording' : 'record'),
      Icon: recording.on ? CircleStop : CircleDot,
      run: () => session.record(!recording.on),
      disabled: may?.record === false ? t('recordForbidden') : undefined,
    },
  ]
}

function useWatchItems({ announce }: BarContext, server: Server | undefined): BarItem[] {
  const watch = useWatch(server, announce)
  return watch ? [{ kind: 'action', ...watch }] : []
}

/** Opens one of the server's pages beside the console, so the line stays open. */
function useTab({ serverId }: BarContext, to: '/servers/$serverId' | '/servers/$serverId/history') {
  const { publicHref: href } = useRouter().buildLocation({ to, params: { serverId } })
  return () => void window.open(href, '_blank', 'noopener')
}

/** The server's name in the bar leads there, too, and ends the line. */
function usePageItems(bar: BarContext): BarItem[] {
  const t = useTranslations('bar')
  return [{ kind: 'action', label: t('page'), Icon: FileText, run: useTab(bar, '/servers/$serverId') }]
}

/** Absent where nothing is kept or may be read. */
function useHistoryItems(bar: BarContext): BarItem[] {
  const t = useTranslations('bar')
  const run = useTab(bar, '/servers/$serverId/history')
  return useMayReadLog() ? [{ kind: 'action', label: t('history'), Icon: History, run }] : []
}

function useDownloadItems({ name, open: { terminal } }: BarContext): BarItem[] {
  const t = useTranslations('bar')
  return [
    {
      kind: 'action',
      label: t('download'),
      Icon: Download,
      run: () => download(`${name}.txt`, terminal.transcript()),
    },
  ]
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }))
  const anchor = document.createElement('a')
  anchor.href = url
  anchor.download = name
  anchor.click()
  URL.revokeObjectURL(url)
}
