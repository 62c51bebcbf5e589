import { useEffect } from 'react'

/** Ctrl+W belongs to the shell; where the browser takes it, it asks first. */
export function useLeaveWarning(live: boolean): void {
  useEffect(() => {
    if (!live) return
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [live])
}
