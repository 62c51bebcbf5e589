import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

interface WordsProps {
  Icon: LucideIcon
  tone: 'info' | 'plain' | 'warn'
  title: string
  next: string
  children: ReactNode
}

/** A notice that is no failure: what is the matter, what to do, and the buttons that do it. A warning is an alert. */
export function Words({ Icon, tone, title, next, children }: WordsProps) {
  return (
    <div className="notice" data-tone={tone}>
      <Icon size={18} aria-hidden />
      <div role={tone === 'warn' ? 'alert' : undefined}>
        <h2>{title}</h2>
        <p>{next}</p>
      </div>
      <div className="actions">{children}</div>
    </div>
  )
}
