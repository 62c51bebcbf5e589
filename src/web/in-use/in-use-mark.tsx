import { Keyboard, UsersRound } from 'lucide-react'
import styles from './in-use.module.css'
import { useOpenConsole } from './open-consoles.ts'
import { useInUseWords } from './use-in-use-words.ts'

/** Says in a server's row that its console is in use, and by whom. */
export function InUseMark({ serverId }: { serverId: string }) {
  const console = useOpenConsole(serverId)
  const words = useInUseWords()
  if (!console) return null
  const { short, long } = words(console)
  const Icon = console.writer === null ? UsersRound : Keyboard
  return (
    <span className={styles.mark} title={long}>
      <Icon size={12} aria-hidden /> {short}
    </span>
  )
}
