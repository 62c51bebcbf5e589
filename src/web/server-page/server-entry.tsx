import { enServer } from '../locales/en-server.ts'
import { MoreWords } from '../locales/more-words.tsx'
import { ServerPage } from './server-page.tsx'

const english = { server: enServer }

/** The server's page with its words, which the list has no room for. */
export default function ServerEntry({ serverId }: { serverId: string }) {
  return (
    <MoreWords english={english}>
      <ServerPage serverId={serverId} />
    </MoreWords>
  )
}
