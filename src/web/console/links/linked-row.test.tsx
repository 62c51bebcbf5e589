import { expect, it } from 'vitest'
import { openConsole } from '../../../testing/web/open-console.ts'
import { LinkedRow } from './linked-row.ts'

it('is the only one of its terminal', () => {
  const { terminal } = openConsole()
  const host = document.createElement('div')
  document.body.append(host)
  terminal.open(host)
  const shown = () => host.querySelectorAll('[data-linked]').length
  new LinkedRow(terminal, 0)
  const second = new LinkedRow(terminal, 1)
  expect(shown()).toBe(1)
  second.dispose()
  expect(shown()).toBe(0)
  terminal.dispose()
  host.remove()
})
