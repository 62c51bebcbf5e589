import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = new URL('../../../', import.meta.url)

export const pathOf = (name: string): string => fileURLToPath(new URL(name, root))
export const textOf = (name: string): string => readFileSync(new URL(name, root), 'utf8')

/** The settings of a file of `NAME=value` lines, as systemd and Docker read it */
export function settingsIn(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'))
  return Object.fromEntries(
    lines.map((line) => {
      const [, name = '', value = ''] = /^(\w+)=(.*)$/.exec(line) ?? []
      return [name, value]
    }),
  )
}
