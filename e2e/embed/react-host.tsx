import { useRef, useState } from 'react'
import { createRoot } from 'react-dom/client'
import type { BmsConsoleElement } from '../../src/sdk/bms-console.ts'
import { BmsConsole } from '../../src/sdk/react.tsx'

/** A portal in React, as the guide has it. */
function Portal({ origin }: { origin: string }) {
  const element = useRef<BmsConsoleElement>(null)
  const [server, setServer] = useState('server-1')
  const [theme, setTheme] = useState<'light' | 'dark'>('dark')
  const [ready, setReady] = useState(0)
  return (
    <>
      <button type="button" onClick={() => setTheme('light')}>
        Light
      </button>
      <button type="button" onClick={() => element.current?.send('uptime')}>
        Send
      </button>
      <button type="button" onClick={() => setServer('server-2')}>
        Other server
      </button>
      <p>ready: {ready}</p>
      <BmsConsole
        ref={element}
        src={origin}
        server={server}
        theme={theme}
        getTicket={async () => `ticket-of-${server}`}
        onReady={() => setReady((count) => count + 1)}
      />
    </>
  )
}

const root = document.querySelector<HTMLElement>('#root')
if (root) createRoot(root).render(<Portal origin={root.dataset.console ?? ''} />)
