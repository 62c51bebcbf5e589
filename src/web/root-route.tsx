import { createRootRoute, Outlet } from '@tanstack/react-router'
import { Unplug } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslations } from 'use-intl'
import { PaletteHost } from './palette/palette-host.tsx'
import { PowerHost } from './power/power-host.tsx'
import { useSignInGate } from './sign-in/gate.ts'
import { ToastHost } from './toasts/toast-host.tsx'
import { MissingParts } from './ui/missing-parts.tsx'
import { ListLink } from './user/list-link.tsx'

/** What every page has: the link past the header, and the gate that leads to the sign-in page. */
export const rootRoute = createRootRoute({ component: Shell, notFoundComponent: NotFound })

function Shell() {
  const t = useTranslations('shell')
  useSignInGate()
  return (
    <>
      <a className="skip button" href="#content">
        {t('skip')}
      </a>
      <Outlet />
      <PaletteHost />
      <PowerHost />
      <ToastHost />
      <MissingParts />
    </>
  )
}

function NotFound() {
  const t = useTranslations('shell')
  useEffect(() => {
    document.title = `${t('notFound')} · BMS Console`
  }, [t])
  return (
    <main className="empty curtain" id="content">
      <Unplug size={28} strokeWidth={1.5} aria-hidden />
      <h1>{t('notFound')}</h1>
      <p>{t('notFoundNext')}</p>
      <ListLink className="button">{t('toList')}</ListLink>
    </main>
  )
}
