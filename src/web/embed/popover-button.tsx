import { type ComponentProps, type ComponentType, useEffect, useId, useRef, useState } from 'react'
import type { OpenConsole } from '../console/use-console.ts'
import { loadPart } from '../ui/load-part.ts'
import styles from './embed.module.css'

/** The popover's content. */
export interface PanelProps {
  open: OpenConsole
  /** Closes the popover first, which would lie over a question, and gives the terminal the focus. */
  choose: (act: () => void) => void
}

interface PopoverButtonProps<P> extends Omit<ComponentProps<'button'>, 'className'> {
  open: OpenConsole
  className?: string | undefined
  /** What the popover is called. */
  panelLabel: string
  panelClass?: string | undefined
  panelProps: P
  load: () => Promise<{ default: ComponentType<P & PanelProps> }>
}

/**
 * A button with the browser's own popover, which opens over the terminal, closes by itself, and leads Tab into it. Its
 * content loads when it is wanted.
 */
export function PopoverButton<P extends object>(props: PopoverButtonProps<P>) {
  const { open, panelLabel, panelClass = '', panelProps, className = '', load, children, ...button } = props
  const id = useId()
  const popover = useRef<HTMLDivElement>(null)
  const [loaded, setLoaded] = useState<{ Panel: ComponentType<P & PanelProps> } | null>(null)
  const warm = () => void load().catch(() => {})
  const [isAsked, setAsked] = useState(false)
  useEffect(() => {
    if (!loaded || !isAsked) return
    setAsked(false)
    popover.current?.showPopover()
  }, [loaded, isAsked])
  const choose = (act: () => void) => {
    popover.current?.hidePopover()
    open.terminal.focus()
    act()
  }
  return (
    <>
      <button
        type="button"
        className={`icon ${className}`}
        popoverTarget={id}
        onPointerEnter={warm}
        onFocus={warm}
        onClick={(event) => {
          if (loaded) return
          // An empty one would open, and the next Tab go past it.
          event.preventDefault()
          loadPart(load, ({ default: Panel }) => {
            setLoaded({ Panel })
            setAsked(true)
          })
        }}
        {...button}
      >
        {children}
      </button>
      <div
        id={id}
        ref={popover}
        popover="auto"
        className={`${styles.keys} ${panelClass}`}
        role="dialog"
        aria-label={panelLabel}
      >
        {loaded && <loaded.Panel {...panelProps} open={open} choose={choose} />}
      </div>
    </>
  )
}
