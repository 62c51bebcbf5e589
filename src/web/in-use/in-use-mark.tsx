import { Keyboard, SquareTerminal, UsersRound } from 'lucide-react'
import styles from './in-use.module.css'
import { useInUse } from './open-consoles.ts'
import { useInUseWords } from './use-in-use-words.ts'

interface InUseMarkProps {
  serverId: string
  /** As a sentence: since when, and how many others there are */
  whole?: boolean
}

/** Says in a server's row, or on its page, that its console is in use, or may be, and by whom. */
export function InUseMark({ serverId, whole = false }: InUseMarkProps) {
  const inUse = useInUse(serverId)
  const words = useInUseWords()
  if (!inUse) return null
  const { short, long } = words(inUse)
  const { console } = inUse
  const Icon = !console ? SquareTerminal : console.writer === null ? UsersRound : Keyboard
  return (
    <span className={whole ? styles.whole : styles.mark} title={whole ? undefined : long}>
      <Icon size={whole ? 15 : 12} aria-hidden /> {whole ? long : short}
    </span>
  )
}
