import { useUser } from '../api/queries.ts'
import { useOnDemand } from '../ui/on-demand.ts'
import { UserButton, type UserProps } from './user-button.tsx'

/** Shows in every page's header who is signed in: a button with a menu. Nothing while nobody is. */
export function User(props: UserProps) {
  const user = useUser()
  const { Menu, byKeyboard, button } = useOnDemand(() => import('./user-menu.tsx'))
  if (!user) return null
  return Menu ? (
    <Menu {...props} user={user} byKeyboard={byKeyboard} />
  ) : (
    <UserButton {...button} name={user.name} compact={props.compact} />
  )
}
