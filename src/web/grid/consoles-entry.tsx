import { enConsole } from '../locales/en-console.ts'
import { enConsoles } from '../locales/en-consoles.ts'
import { enTerminal } from '../locales/en-terminal.ts'
import { enTools } from '../locales/en-tools.ts'
import { MoreWords } from '../locales/more-words.tsx'
import { ConsolesPage, type ConsolesPageProps } from './consoles-page.tsx'

const english = { console: enConsole, ...enTools, ...enTerminal, consoles: enConsoles }

/** The page of several consoles with its words, which the list has no room for. */
export default function ConsolesEntry(props: ConsolesPageProps) {
  return (
    <MoreWords english={english}>
      <ConsolesPage {...props} />
    </MoreWords>
  )
}
