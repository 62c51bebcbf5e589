import { systemClock } from '../../../shared/clock.ts'
import type { LoadDialog } from '../bar/bar-item.ts'
import type { ConsoleTerminal } from '../terminal/terminal.ts'
import type { OpenConsole } from '../use-console.ts'
import { MachineSize } from './machine-size.ts'
import { typeSize } from './use-size.ts'

const machines = new WeakMap<ConsoleTerminal, MachineSize>()

/** What is known of the size for which the machine writes. One for each terminal: it must hear all of it. */
export function machineSizeOf(terminal: ConsoleTerminal): MachineSize {
  const known = machines.get(terminal)
  if (known) return known
  const machine = terminal.inspect((term, isMuted) => new MachineSize(term, isMuted, systemClock))
  machines.set(terminal, machine)
  return machine
}

/** Tells the machine the terminal's size: at a shell's prompt at once, elsewhere after a question. */
export function matchSize(open: OpenConsole, show: (load: LoadDialog) => void): void {
  if (!machineSizeOf(open.terminal).isAtPrompt) return show(() => import('./match-dialog.tsx'))
  typeSize(open)
  open.terminal.focus()
}
