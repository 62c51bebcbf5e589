import { part } from '../../ui/part.tsx'
import styles from '../console.module.css'
import { type OpenConsole, useSession } from '../use-console.ts'

const InPlaceNotice = part(() => import('./in-place-notice.tsx'))

/** Where the server does not reach the gateway: what this page did in its place, and what that costs. */
export function InPlace({ open }: { open: OpenConsole }) {
  const { inPlace, state } = useSession(open.session)
  return (
    inPlace && (
      <div className={styles.notice}>
        <InPlaceNotice inPlace={inPlace} line={state.kind} onRead={() => open.terminal.focus()} />
      </div>
    )
  )
}
