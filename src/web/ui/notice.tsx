import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

interface NoticeProps {
  Icon: LucideIcon
  tone: 'info' | 'plain' | 'warn'
  title: string
  next: string
  /** The buttons */
  children?: ReactNode
  /** What is shown only when asked for */
  details?: ReactNode
}

/** A notice that is not a failure: what happened, what to do, and the buttons for it. A warning is an alert. */
export function Notice({ Icon, tone, title, next, children, details }: NoticeProps) {
  return (
    <div className="notice" data-tone={tone}>
      <Icon size={18} aria-hidden />
      <div role={tone === 'warn' ? 'alert' : undefined}>
        <h2>{title}</h2>
        <p>{next}</p>
      </div>
      <div className="actions">{children}</div>
      {details}
    </div>
  )
}
