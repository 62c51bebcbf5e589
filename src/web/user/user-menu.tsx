import * as Menu from '@radix-ui/react-dropdown-menu'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Languages, LogOut, MonitorX } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import type { CurrentUser } from '../../shared/user.ts'
import { failureOf } from '../api/client.ts'
import { signInQuery } from '../api/queries.ts'
import { base } from '../base.ts'
import { languageNames, languages, languageTags } from '../locales/words.ts'
import { settings, useLanguage } from '../settings/settings.ts'
import { Dialog } from '../ui/dialog.tsx'
import { FailureNotice } from '../ui/failure-notice.tsx'
import { MenuContent } from '../ui/menu-content.tsx'
import type { OnDemand } from '../ui/on-demand.ts'
import { useThemeChoice } from '../ui/theme-button.tsx'
import { type PageId, usePages } from './pages.ts'
import { useSignOut } from './sign-out.ts'
import styles from './user.module.css'
import { UserButton, type UserProps } from './user-button.tsx'

/** Where the page has no navigation on top, as a console has none, the menu is the way. */
const inMenu: readonly PageId[] = ['projects', 'search', 'recordings', 'audit']

interface UserMenuProps extends UserProps, OnDemand {
  user: CurrentUser
}

/** Shows who is signed in and what the role allows, the pages that not everybody has, and the ways to sign out. */
export default function UserMenu(props: UserMenuProps) {
  const { user, compact, leave, onFocus, byKeyboard } = props
  const t = useTranslations('user')
  const theme = useThemeChoice()
  const shown = useLanguage()
  const pages = usePages(user).filter(({ id }) => inMenu.includes(id))
  const navigate = useNavigate()
  const { data: signIn } = useQuery(signInQuery())
  const [everywhere, setEverywhere] = useState<boolean | null>(null)
  const signOut = useSignOut()
  const button = useRef<HTMLButtonElement>(null)
  const out = (all: boolean) =>
    // The dialog says why it did not work.
    signOut.mutate(all, { onError: () => setEverywhere(all) })
  const go = (all: boolean) => {
    setEverywhere(null)
    if (leave) leave(() => out(all))
    else out(all)
  }
  const maySignOut = signIn?.state === 'signed-in' && signIn.maySignOut
  return (
    <>
      <Menu.Root modal={false} defaultOpen>
        <Menu.Trigger asChild ref={button}>
          <UserButton name={user.name} compact={compact} />
        </Menu.Trigger>
        <MenuContent byKeyboard={byKeyboard} onFocus={onFocus} className={styles.menu}>
          <Menu.Label className={styles.who}>
            <strong>{user.name}</strong>
            <span>{t(`roles.${user.role}`)}</span>
            <small>{t(`may.${user.role}`)}</small>
            {user.installationAdmin && <small>{t('installation')}</small>}
          </Menu.Label>
          <Menu.Separator className="menuLine" />
          {pages.map(({ id, label, note, Icon, href }) => (
            <Menu.Item key={id} className="menuItem" onSelect={() => void navigate({ href: base + href })}>
              <Icon size={16} aria-hidden /> {label}
              {note && <small>{note}</small>}
            </Menu.Item>
          ))}
          <Menu.Item className="menuItem" onSelect={theme.choose}>
            <theme.Icon size={16} aria-hidden /> {theme.label}
          </Menu.Item>
          {languages
            .filter((language) => language !== shown)
            .map((language) => (
              <Menu.Item
                key={language}
                lang={languageTags[language]}
                className="menuItem"
                onSelect={() => settings.set({ language })}
              >
                <Languages size={16} aria-hidden /> {languageNames[language]}
              </Menu.Item>
            ))}
          {maySignOut && (
            <>
              <Menu.Separator className="menuLine" />
              <Menu.Item className="menuItem" onSelect={() => go(false)}>
                <LogOut size={16} aria-hidden /> {t('signOut')}
              </Menu.Item>
              <Menu.Item
                className="menuItem danger"
                onSelect={() => {
                  signOut.reset()
                  setEverywhere(true)
                }}
              >
                <MonitorX size={16} aria-hidden /> {t('askEverywhere')}
              </Menu.Item>
            </>
          )}
        </MenuContent>
      </Menu.Root>
      <Dialog
        open={everywhere !== null}
        title={t(everywhere === false ? 'signOut' : 'everywhereTitle')}
        description={t(everywhere === false ? 'signOutWarning' : 'everywhereWarning')}
        onCancel={() => setEverywhere(null)}
        onFocus={onFocus ?? (() => button.current?.focus())}
        actions={
          <button
            type="button"
            className={everywhere === false ? 'button primary' : 'button danger'}
            disabled={signOut.isPending}
            onClick={() => go(everywhere ?? true)}
          >
            {t(everywhere === false ? 'signOut' : 'signOutEverywhere')}
          </button>
        }
      >
        {signOut.error !== null && (
          <FailureNotice
            failure={failureOf(signOut.error)}
            words={{ title: t('stillSignedIn'), next: t('stillSignedInNext') }}
          />
        )}
      </Dialog>
    </>
  )
}
