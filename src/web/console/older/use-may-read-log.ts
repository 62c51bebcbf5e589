import { useQuery } from '@tanstack/react-query'
import { userMay } from '../../../shared/user.ts'
import { aboutQuery, useUser } from '../../api/queries.ts'

/** Whether lines are kept here, and this person may read them. */
export function useMayReadLog(): boolean {
  const { data: about } = useQuery(aboutQuery())
  const user = useUser()
  return about?.log === true && user !== undefined && userMay(user, 'read-log')
}
