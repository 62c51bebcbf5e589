import type { ReactNode } from 'react'
import { Picture, type PictureName } from './picture.tsx'

interface EmptyStateProps {
  picture: PictureName
  title: string
  /** What to do now */
  next?: ReactNode
  /** A failure, which a screen reader says at once */
  alert?: boolean
  /** The buttons, and what else there is to know */
  children?: ReactNode
}

/** A page or a part of it with nothing to show: a picture, why, and the next step. */
export function EmptyState({ picture, title, next, alert, children }: EmptyStateProps) {
  return (
    <div className="empty">
      <Picture name={picture} />
      <div role={alert ? 'alert' : undefined}>
        <h2>{title}</h2>
        {next && <p>{next}</p>}
      </div>
      {children}
    </div>
  )
}
