import { act } from '@testing-library/react'
import { vi } from 'vitest'
import { systemClock } from '../../shared/clock.ts'
import { Older } from '../../web/console/older/older.ts'
import type { InputMemory } from '../../web/console/session/input-ledger.ts'
import { ConsoleSession } from '../../web/console/session/session.ts'
import { ConsoleTerminal } from '../../web/console/terminal/terminal.ts'
import { themes } from '../../web/console/terminal/themes.ts'
import { FakeLine, issuedConsole } from './fake-line.ts'

/**
 * A console as the page opens one: its own session and terminal, on a line whose other end the test holds.
 * @param before what the page load before this one typed
 */
export function openConsole(before: InputMemory | null = null) {
  const line = new FakeLine()
  const terminal = new ConsoleTerminal({
    theme: themes.dark,
    fontSize: 14,
    screenReader: false,
    onLink: () => {},
  })
  const focus = vi.spyOn(terminal, 'focus')
  const session = new ConsoleSession({
    issue: line.issue,
    openTransport: line.openTransport,
    terminal,
    seamText: () => 'seam',
    memory: { recall: () => before, keep: () => {} },
    clock: systemClock,
    random: () => 0,
  })
  const connect = async (transport: 'direct' | 'relay') => {
    session.connect()
    return line.give(issuedConsole[transport])
  }
  return {
    open: { session, terminal, older: new Older(terminal.rows, session.times) },
    session,
    terminal,
    line,
    /** How often the terminal was given the focus. */
    focus,
    /** A line that is open and silent. */
    silent: () => act(async () => (await connect('direct')).opens()),
    /** A line that has spoken. */
    live: () => act(async () => (await connect('direct')).opens().prints('login: ')),
    /** A shared line that has spoken: we are `Person 1`. */
    shared: () => act(async () => (await connect('relay')).joins().opens().prints('login: ')),
  }
}
