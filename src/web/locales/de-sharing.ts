import type { enSharing } from './en-sharing.ts'

/** See `en-sharing.ts`. */
export const deSharing: typeof enSharing = {
  onThisLine: 'Betrachter',
  watches: 'darf nur zusehen',
  owner: 'Eigentümer',
  hand: 'Übergeben',
  handTo: 'Tastatur an {name} übergeben',
  takeFrom: 'Tastatur von {name} übernehmen',
  releaseKeyboard: 'Tastatur abgeben',
  endForAll: 'Für alle beenden …',
  endTitle: 'Diese Konsole für alle beenden?',
  endWarning:
    '{others, plural, =0 {Das trennt Sie von {name}.} one {Das trennt Sie und einen weiteren Betrachter von {name} und zeigt ihm, dass Sie die Konsole beendet haben.} other {Das trennt Sie und # weitere Betrachter von {name} und zeigt ihnen, dass Sie die Konsole beendet haben.}} Der Server läuft weiter.',
  end: 'Für alle beenden',
}
