import { useBlocker } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Dialog } from '../../ui/dialog.tsx'
import { keepsConsole } from '../beside.ts'
import type { OpenConsole } from '../use-console.ts'
import { isLoginPrompt, LOG_OUT, type LoginState, loginState } from './logged-in.ts'
import { useNextPage } from './next-page.ts'

/** How long a machine may take to print its login prompt after a logout. */
const LOG_OUT_LIMIT_MS = 5_000

type Asked = { state: Exclude<LoginState, 'none'>; proceed: () => void; stay: () => void }

/**
 * Asks before a logged-in shell is left open on the line: the next person on it would be in that shell. Keeps the console
 * until the next page is here.
 * @param onAsk called before it asks
 * @returns `leave` runs the action it is given, but asks first where it must; `dialog` has to be rendered
 */
export function useLeaveGuard(open: OpenConsole | null, serverId: string, onAsk = () => {}) {
  const [asked, setAsked] = useState<Asked | null>(null)
  const left = (): LoginState => {
    // A watcher leaves nothing open, and nobody can log out over a line that is down.
    if (!open?.session.mayWrite || open.session.getSnapshot().state.kind !== 'live') return 'none'
    return loginState(open.terminal.screenEnd)
  }
  const comes = useNextPage()
  useBlocker({
    enableBeforeUnload: false,
    shouldBlockFn: async ({ next }) => {
      if (!(await comes(next))) return true
      const state = left()
      if (state === 'none' || keepsConsole(next, serverId)) return false
      onAsk()
      return new Promise<boolean>((resolve) => {
        setAsked({ state, proceed: () => resolve(false), stay: () => resolve(true) })
      })
    },
  })
  const leave = (proceed: () => void) => {
    const state = left()
    if (state === 'none') proceed()
    else {
      onAsk()
      setAsked({ state, proceed, stay: () => {} })
    }
  }
  const dialog = asked && open && (
    <LeaveDialog open={open} asked={asked} onClose={() => setAsked(null)} key={asked.state} />
  )
  return { leave, dialog }
}

function LeaveDialog({ open, asked, onClose }: { open: OpenConsole; asked: Asked; onClose: () => void }) {
  const t = useTranslations('guard')
  const [step, setStep] = useState<'asking' | 'logging-out' | 'failed'>('asking')
  const program = asked.state === 'program'
  const stay = () => {
    onClose()
    asked.stay()
  }
  const proceed = () => {
    onClose()
    asked.proceed()
  }
  const logOutAndLeave = async () => {
    setStep('logging-out')
    if (await logOut(open)) proceed()
    else setStep('failed')
  }
  return (
    <Dialog
      open
      title={t(program ? 'programTitle' : 'title')}
      description={t(program ? 'program' : 'shell')}
      cancel={t('stay')}
      onCancel={stay}
      onFocus={() => open.terminal.focus()}
      actions={
        <>
          <button type="button" className="button" onClick={proceed}>
            {t('leave')}
          </button>
          {!program && (
            <button
              type="button"
              className="button primary"
              disabled={step === 'logging-out'}
              onClick={() => void logOutAndLeave()}
            >
              {t('logOut')}
            </button>
          )}
        </>
      }
    >
      <p role="status">
        {step === 'logging-out' && t('loggingOut')}
        {step === 'failed' && t('failed')}
      </p>
    </Dialog>
  )
}

/** Leaves the shell. @returns whether the machine shows its login prompt again */
function logOut({ session, terminal }: OpenConsole): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (loggedOut: boolean) => {
      clearTimeout(limit)
      ignore()
      resolve(loggedOut)
    }
    const limit = setTimeout(() => settle(false), LOG_OUT_LIMIT_MS)
    const ignore = terminal.onWritten(() => {
      if (isLoginPrompt(terminal.screenEnd)) settle(true)
    })
    session.sendText(LOG_OUT)
  })
}
