import { Keyboard, SquareTerminal, UsersRound } from 'lucide-react'
import styles from './in-use.module.css'
import { useInUse } from './open-consoles.ts'
import { useInUseWords } from './use-in-use-words.ts'

/** Says in a server's row that its console is in use, or may be, and by whom. */
export function InUseMark({ serverId }: { serverId: string }) {
  const inUse = useInUse(serverId)
  const words = useInUseWords()
  if (!inUse) return null
  const { short, long } = words(inUse)
  const { console } = inUse
  const Icon = !console ? SquareTerminal : console.writer === null ? UsersRound : Keyboard
  return (
    <span className={styles.mark} title={long}>
      <Icon size={12} aria-hidden /> {short}
    </span>
  )
}
