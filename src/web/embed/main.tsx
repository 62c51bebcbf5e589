import '../styles.css'
import { createRoot } from 'react-dom/client'
import { EmbedSettings } from '../../shared/embed.ts'
import { access } from '../api/access.ts'
import { base } from '../base.ts'
import { enConsole } from '../locales/en-console.ts'
import { enTerminal } from '../locales/en-terminal.ts'
import { MoreWords } from '../locales/more-words.tsx'
import { loadWords } from '../locales/words.ts'
import { WordsProvider } from '../locales/words-provider.tsx'
import { settings } from '../settings/settings.ts'
import { MissingParts } from '../ui/missing-parts.tsx'
import { early } from './early.ts'
import { EmbeddedPage } from './embedded-page.tsx'
import { HostLink } from './host-link.ts'

access.set({ by: 'bearer', bearer: null })

const framed = window.parent !== window
const hostLink = new HostLink({
  server: serverOf(location.pathname.slice(base.length)),
  origins: settingsOf(document.getElementById('embed-settings')).origins,
  early: early.takeLaunch(),
  framed,
  parentOrigin: framed ? parentOrigin() : null,
})

/** What only a console says in English. */
const english = { console: enConsole, ...enTerminal }

const root = document.getElementById('root')
if (!root) throw new Error('embed.html has no #root')
void loadWords(settings.language()).then((first) =>
  createRoot(root).render(
    <WordsProvider first={first}>
      <MoreWords english={english}>
        <EmbeddedPage hostLink={hostLink} />
        <MissingParts />
      </MoreWords>
    </WordsProvider>,
  ),
)

/** The settings that this page was served with. If they cannot be read, embedding is off. */
function settingsOf(script: HTMLElement | null): EmbedSettings {
  try {
    return EmbedSettings.parse(JSON.parse(script?.textContent ?? ''))
  } catch {
    return { origins: [] }
  }
}

/** `/embed/<server>` */
function serverOf(pathname: string): string {
  const [, , part = ''] = pathname.split('/')
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** Null where the browser does not tell: Firefox never does, and a host page may withhold its origin. */
function parentOrigin(): string | null {
  const ancestors: DOMStringList | undefined = location.ancestorOrigins
  const [nearest] = ancestors ?? []
  return nearest === undefined || nearest === 'null' ? null : nearest
}
