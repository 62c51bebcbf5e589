import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Copy, FileText, History, Languages, RefreshCw, SquareTerminal } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { type Server, serverCan } from '../../shared/server.ts'
import { userMay } from '../../shared/user.ts'
import { listAnew, useUser } from '../api/queries.ts'
import { base } from '../base.ts'
import { languageNames, languages } from '../locales/words.ts'
import { deskOf } from '../power/desk-of.tsx'
import { icons } from '../power/icons.ts'
import { useObstacle } from '../power/use-obstacle.ts'
import { usePowerActions } from '../power/use-power-traits.ts'
import { settings, useLanguage } from '../settings/settings.ts'
import { toasts } from '../toasts/toasts.ts'
import { copyText } from '../ui/clipboard.ts'
import { useThemeChoice } from '../ui/theme-button.tsx'
import { usePages } from '../user/pages.ts'
import type { Command } from './commands.ts'

/** What does not belong to one server. */
export function useGeneralCommands() {
  const t = useTranslations('palette')
  const client = useQueryClient()
  const navigate = useNavigate()
  const theme = useThemeChoice()
  const shown = useLanguage()
  const pages = usePages(useUser())
  const goTo = (href: string) => void navigate({ href: base + href })
  return {
    pages: pages.map(
      ({ id, href, note, ...page }): Command => ({
        ...page,
        ...(note === undefined ? {} : { note }),
        key: `page ${id}`,
        also: id,
        act: () => goTo(href),
      }),
    ),
    actions: [
      {
        key: 'refresh',
        label: t('refresh'),
        Icon: RefreshCw,
        also: 'refresh reload',
        act: () => void listAnew(client),
      },
    ] satisfies Command[],
    settings: [
      { key: 'theme', label: theme.label, Icon: theme.Icon, also: 'theme dark light', act: theme.choose },
      ...languages
        .filter((language) => language !== shown)
        .map((language) => ({
          key: `language ${language}`,
          label: t('language', { name: languageNames[language] }),
          Icon: Languages,
          also: 'language',
          act: () => settings.set({ language }),
        })),
    ] satisfies Command[],
    /** The page of a server without a console says why there is none. */
    openOf: (server: Server) =>
      goTo(serverCan.openConsole(server).offered ? consoleOf(server) : pageOf(server)),
  }
}

const pageOf = ({ id }: Server) => `/servers/${encodeURIComponent(id)}`
const consoleOf = ({ id }: Server) => `/servers/${encodeURIComponent(id)}/console`

/** What this user may do with a server. What cannot be done just now says why. */
export function useServerCommands(server: Server): Command[] {
  const t = useTranslations('palette')
  const servers = useTranslations('servers')
  const actions = useTranslations('power.actions')
  const client = useQueryClient()
  const navigate = useNavigate()
  const user = useUser()
  const obstacle = useObstacle(server)
  const power = usePowerActions()
  const goTo = (href: string) => void navigate({ href: base + href })
  const copy = (what: string) =>
    void copyText(what).then((done) => toasts.add(done ? t('copied', { what }) : t('notCopied')))
  const reads = user !== undefined && userMay(user, 'read-log')
  return [
    {
      key: 'open',
      label: t('open'),
      Icon: SquareTerminal,
      also: 'console open',
      ...(serverCan.openConsole(server).offered ? {} : { why: servers('windows') }),
      act: () => goTo(consoleOf(server)),
    },
    {
      key: 'page',
      label: servers('pageOf', { name: server.name }),
      Icon: FileText,
      also: 'server page details facts',
      act: () => goTo(pageOf(server)),
    },
    ...(reads
      ? [
          {
            key: 'history',
            label: t('history'),
            Icon: History,
            also: 'history log',
            act: () => goTo(`/servers/${encodeURIComponent(server.id)}/history`),
          },
        ]
      : []),
    { key: 'copy id', label: t('copyId'), Icon: Copy, note: server.id, act: () => copy(server.id) },
    ...server.addresses.map(({ address }) => ({
      key: `copy ${address}`,
      label: t('copyAddress', { address }),
      Icon: Copy,
      also: 'ip',
      act: () => copy(address),
    })),
    ...power.map((action): Command => {
      const why = obstacle(action)
      return {
        key: `power ${action}`,
        label: t('power', { action: actions(action) }),
        Icon: icons[action],
        also: `power ${action}`,
        danger: action !== 'power-on',
        ...(why === null ? {} : { why }),
        act: () => deskOf(client).ask(action, [server]),
      }
    }),
  ]
}
