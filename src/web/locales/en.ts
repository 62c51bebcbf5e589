import { enConsole } from './en-console.ts'
import { enConsoles } from './en-consoles.ts'
import { enFacets } from './en-facets.ts'
import { enFirst } from './en-first.ts'
import { enInPlace } from './en-in-place.ts'
import { enList } from './en-list.ts'
import { enLogPages } from './en-logs.ts'
import { enPalette } from './en-palette.ts'
import { enPower } from './en-power.ts'
import { enSendKeys } from './en-send-keys.ts'
import { enServer } from './en-server.ts'
import { enSharing } from './en-sharing.ts'
import { enTerminal } from './en-terminal.ts'
import { enTools } from './en-tools.ts'
import { enViews } from './en-views.ts'
import { enWay } from './en-way.ts'

/** English: the source of every text. */
export const en = {
  ...enFirst,
  console: enConsole,
  ...enTools,
  ...enTerminal,
  consoles: enConsoles,
  list: enList,
  server: enServer,
  powering: enPower,
  ...enFacets,
  ...enViews,
  ...enLogPages,
  ...enPalette,
  way: enWay,
  inPlace: enInPlace,
  sharing: enSharing,
  sendKeys: enSendKeys,
}

/** Every text in one language. A missing text does not compile. */
export type Words = typeof en
