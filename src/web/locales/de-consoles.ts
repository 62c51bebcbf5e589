import type { Words } from './en.ts'

/** German for the page of several consoles. */
export const deConsoles: Words['consoles'] = {
  title: 'Konsolen',
  count: '{count, plural, =0 {Keine offen} one {# Konsole} other {# Konsolen}}',
  layout: 'Anordnung der Konsolen',
  grid: 'Raster',
  tabs: 'Reiter',
  add: 'Konsolen hinzufügen',
  full: 'Eine Seite fasst {most} Konsolen',
  addTitle: 'Konsolen nebeneinander öffnen',
  addAbout: 'Wählen Sie bis zu neun. Beim Neuladen der Seite öffnen sich dieselben.',
  open: '{count, plural, =0 {Öffnen} one {# Konsole öffnen} other {# Konsolen öffnen}}',
  search: 'Server nach Name oder ID suchen',
  servers: 'Server',
  loading: 'Server werden geladen …',
  noneFound: 'Kein weiterer Server mit Konsole passt.',
  moreFound: '{count, number} weitere Server passen. Geben Sie mehr vom Namen ein.',
  room: '{chosen, number} von {room, number} gewählt',
  terminal: 'Terminal von {name}',
  alone: 'Nur {name} zeigen',
  aloneTitle: 'Nur diese zeigen',
  close: '{name} schließen',
  closeTitle: 'Diese Konsole schließen',
  leaveHint: 'Strg+F6 führt zur nächsten Konsole',
}
