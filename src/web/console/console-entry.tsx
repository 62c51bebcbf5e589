import { enConsole } from '../locales/en-console.ts'
import { enTerminal } from '../locales/en-terminal.ts'
import { enTools } from '../locales/en-tools.ts'
import { MoreWords } from '../locales/more-words.tsx'
import { Anew } from './again.tsx'
import { ConsolePage } from './console-page.tsx'
import type { LineLink } from './links/line-link.ts'

const english = { console: enConsole, ...enTools, ...enTerminal }

/** The console's page with its words, which the list has no room for. */
export default function ConsoleEntry({ serverId, link }: { serverId: string; link: LineLink | null }) {
  return (
    <MoreWords english={english}>
      <Anew>
        <ConsolePage serverId={serverId} link={link} />
      </Anew>
    </MoreWords>
  )
}
