import { useState } from 'react'
import { useSettings } from '../../settings/settings.ts'
import { useOnDemand } from '../../ui/on-demand.ts'
import { shownOf } from './saved-view.ts'
import { ViewsButton, type ViewsProps } from './views-button.tsx'

/** The saved views: a button with a menu. It says which one is shown. */
export function Views(props: ViewsProps) {
  const { preferences, view } = props
  const { listColumns } = useSettings()
  const { Menu, byKeyboard, button } = useOnDemand(() => import('./views-menu.tsx'))
  const [chosen, onChosen] = useState<string | null>(null)
  const shown = shownOf(preferences.views, view, listColumns)
  if (shown && shown.id !== chosen) onChosen(shown.id)
  const changed = shown ? undefined : preferences.views.find(({ id }) => id === chosen)
  return Menu ? (
    <Menu {...props} byKeyboard={byKeyboard} shown={shown} changed={changed} onChosen={onChosen} />
  ) : (
    <ViewsButton shown={shown} changed={changed} {...button} />
  )
}
