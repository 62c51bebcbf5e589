import { enConsole } from '../locales/en-console.ts'
import { enTools } from '../locales/en-tools.ts'
import { MoreWords } from '../locales/more-words.tsx'
import { ConsolePage } from './console-page.tsx'

const english = { console: enConsole, ...enTools }

/** The console's page with its words, which the list has no room for. */
export default function ConsoleEntry({ serverId }: { serverId: string }) {
  return (
    <MoreWords english={english}>
      <ConsolePage serverId={serverId} />
    </MoreWords>
  )
}
