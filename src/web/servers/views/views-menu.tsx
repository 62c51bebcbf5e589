import * as Menu from '@radix-ui/react-dropdown-menu'
import { Check, LayoutList, ListChecks, ListPlus, ListTree, Server } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { preferenceLimits } from '../../../shared/preferences.ts'
import { saved } from '../../preferences/changes.ts'
import { useSettings } from '../../settings/settings.ts'
import { toasts } from '../../toasts/toasts.ts'
import { MenuContent } from '../../ui/menu-content.tsx'
import type { OnDemand } from '../../ui/on-demand.ts'
import { wholeList } from '../model/view.ts'
import { ManageViews } from './manage-views.tsx'
import { SaveView } from './save-view.tsx'
import { searchToSave, viewOfSaved } from './saved-view.ts'
import styles from './views.module.css'
import { ViewsButton, type ViewsMenuProps } from './views-button.tsx'

/** Shows a saved view, saves the present one, and leads to all of them. */
export default function ViewsMenu(props: ViewsMenuProps & OnDemand) {
  const { preferences, failure, change, view, onView, shown, changed, onChosen, byKeyboard } = props
  const t = useTranslations('views')
  const { listColumns } = useSettings()
  const button = useRef<HTMLButtonElement>(null)
  const [asked, setAsked] = useState<'save' | 'manage' | null>(null)
  const { views } = preferences
  const focus = () => button.current?.focus()
  const search = searchToSave(view, listColumns)
  const full = views.length >= preferenceLimits.views
  const why = shown ? t('savedAlready') : full ? t('full', { count: views.length }) : null
  return (
    <>
      <Menu.Root modal={false} defaultOpen>
        <Menu.Trigger asChild ref={button}>
          <ViewsButton shown={shown} changed={changed} />
        </Menu.Trigger>
        <MenuContent byKeyboard={byKeyboard} className={styles.menu}>
          <Menu.Item
            className="menuItem"
            onSelect={() => {
              onChosen(null)
              onView(wholeList)
            }}
          >
            <Server size={16} aria-hidden /> {t('all')}
          </Menu.Item>
          {views.length > 0 && <div className="menuLine" />}
          {views.map((each) => (
            <Menu.Item
              key={each.id}
              className="menuItem"
              onSelect={() => {
                onChosen(each.id)
                onView(viewOfSaved(each))
              }}
            >
              {each.id === shown?.id ? <Check size={16} aria-hidden /> : <LayoutList size={16} aria-hidden />}
              <span className={styles.viewName}>{each.name}</span>
            </Menu.Item>
          ))}
          <div className="menuLine" />
          {changed && (
            <Menu.Item
              className="menuItem"
              onSelect={() => {
                void change(saved({ ...changed, search }))
                toasts.add(t('updated', { name: changed.name }), {
                  label: t('undo'),
                  act: () => void change(saved(changed)),
                })
              }}
            >
              <ListChecks size={16} aria-hidden />
              <span className={styles.viewName}>{t('update', { name: changed.name })}</span>
            </Menu.Item>
          )}
          <Menu.Item className="menuItem" disabled={why !== null} onSelect={() => setAsked('save')}>
            <ListPlus size={16} aria-hidden />
            <span>
              {t('save')}
              {why && <small className="why">{why}</small>}
            </span>
          </Menu.Item>
          {views.length > 0 && (
            <Menu.Item className="menuItem" onSelect={() => setAsked('manage')}>
              <ListTree size={16} aria-hidden /> {t('manage')}
            </Menu.Item>
          )}
        </MenuContent>
      </Menu.Root>
      {asked === 'save' && (
        <SaveView
          views={views}
          search={search}
          change={change}
          onSaved={onChosen}
          onClose={() => setAsked(null)}
          onFocus={focus}
        />
      )}
      {asked === 'manage' && (
        <ManageViews
          views={views}
          failure={failure}
          search={search}
          shown={shown?.id}
          change={change}
          onClose={() => setAsked(null)}
          onFocus={focus}
        />
      )}
    </>
  )
}
