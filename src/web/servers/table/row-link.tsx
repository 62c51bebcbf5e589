import { useRouter } from '@tanstack/react-router'
import type { AnchorHTMLAttributes, MouseEvent } from 'react'
import { base } from '../../base.ts'

interface RowLinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  serverId: string
  to: 'page' | 'console'
}

/**
 * A link of a row. The router's own takes longer to make than the rest of its row, and each looks at every change of the
 * address, which the search makes with each key.
 */
export function RowLink({ serverId, to, ...props }: RowLinkProps) {
  const { history } = useRouter()
  const path = `${base}/servers/${encodeURIComponent(serverId)}${to === 'console' ? '/console' : ''}`
  const onClick = (event: MouseEvent) => {
    const { button, altKey, ctrlKey, metaKey, shiftKey } = event
    // The browser opens another tab or window, or saves the page. With Shift the table selects.
    if (button !== 0 || altKey || ctrlKey || metaKey || shiftKey) return
    event.preventDefault()
    history.push(path)
  }
  return <a {...props} href={path} onClick={onClick} />
}
