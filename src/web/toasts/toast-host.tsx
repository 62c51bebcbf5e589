import { useEffect, useState, useSyncExternalStore } from 'react'
import { useLate } from '../ui/late.ts'
import { toasts } from './toasts.ts'

/** The place of short sentences on every page. It is empty until the first one, which loads the code. */
export function ToastHost() {
  const some = useSyncExternalStore(toasts.subscribe, toasts.waiting).length > 0
  const [wanted, setWanted] = useState(false)
  useEffect(() => {
    if (some) setWanted(true)
  }, [some])
  const Toaster = useLate(wanted, () => import('./toaster.tsx'))
  return Toaster && <Toaster />
}
