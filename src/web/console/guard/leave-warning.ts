import { useEffect } from 'react'

/** Makes the browser ask before it closes the page. Ctrl+W is meant for the shell, but the browser may take it. */
export function useLeaveWarning(live: boolean): void {
  useEffect(() => {
    if (!live) return
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [live])
}
