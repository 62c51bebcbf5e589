/** What the program was asked for */
export type Command =
  | { kind: 'serve' }
  /** @see selfCheck */
  | { kind: 'check'; serverId: string | null }
  | { kind: 'version' }
  | { kind: 'help' }
  | { kind: 'unknown'; word: string }

export const usage = `Usage: bms-console [command]

  bms-console               serve the consoles; settings come from the environment
  bms-console check         try the settings, folders, gateways and the cloud, and say what is wrong
  bms-console check <id>    open the console of a server, too; whoever has it open now may lose it
  bms-console --version
  bms-console --help

All settings: docs/configuration.md in this package.
`

/** @param words what came after the program's name */
export function commandOf(words: readonly string[]): Command {
  const [first, second, third] = words
  switch (first) {
    case undefined:
      return { kind: 'serve' }
    case 'check':
      if (second?.startsWith('-')) return { kind: 'unknown', word: second }
      if (third !== undefined) return { kind: 'unknown', word: third }
      return { kind: 'check', serverId: second ?? null }
    case '--version':
    case '-v':
      return { kind: 'version' }
    case '--help':
    case '-h':
    case 'help':
      return { kind: 'help' }
    default:
      return { kind: 'unknown', word: first }
  }
}
