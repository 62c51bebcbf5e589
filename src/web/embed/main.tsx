import '../styles.css'
import { createRoot } from 'react-dom/client'
import { EmbedSettings } from '../../shared/embed.ts'
import { access } from '../api/access.ts'
import { loadWords } from '../locales/words.ts'
import { WordsProvider } from '../locales/words-provider.tsx'
import { settings } from '../settings/settings.ts'
import { Desk } from './desk.ts'
import { early } from './early.ts'
import { EmbeddedPage } from './embedded-page.tsx'

access.set({ by: 'bearer', bearer: null })

const framed = window.parent !== window
const desk = new Desk({
  server: serverOf(location.pathname),
  origins: settingsOf(document.getElementById('embed-settings')).origins,
  early: early.takeLaunch(),
  framed,
  around: framed ? originAround() : null,
})

const root = document.getElementById('root')
if (!root) throw new Error('embed.html has no #root')
void loadWords(settings.language()).then((first) =>
  createRoot(root).render(
    <WordsProvider first={first}>
      <EmbeddedPage desk={desk} />
    </WordsProvider>,
  ),
)

/** What this page was served with; as with embedding off where that cannot be read. */
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

/** null: the browser does not tell, in general or of this page */
function originAround(): string | null {
  const ancestors: DOMStringList | undefined = location.ancestorOrigins
  const [nearest] = ancestors ?? []
  return nearest === undefined || nearest === 'null' ? null : nearest
}
