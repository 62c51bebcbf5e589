import { createContext, Fragment, type ReactNode, useContext, useMemo, useState } from 'react'

interface Again {
  /** Closes the console and opens it anew, as a reload of the page does. */
  again: () => void
  /** It was opened anew. */
  isAnew: boolean
}

const AgainContext = createContext<Again>({ again: () => {}, isAnew: false })

/** Lets the console in it be opened anew: with a terminal and a session that know nothing of the ones before. */
export function Anew({ children }: { children: ReactNode }) {
  const [count, setCount] = useState(0)
  const value = useMemo(() => ({ again: () => setCount((before) => before + 1), isAnew: count > 0 }), [count])
  return (
    <AgainContext value={value}>
      <Fragment key={count}>{children}</Fragment>
    </AgainContext>
  )
}

export const useAgain = (): Again => useContext(AgainContext)
