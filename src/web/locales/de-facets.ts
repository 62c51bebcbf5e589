import type { enFacets } from './en-facets.ts'

export const deFacets: typeof enFacets = {
  facets: {
    filter: 'Filtern',
    filters: 'Filter',
    active: 'Aktive Filter',
    tag: 'Tags',
    systems: { linux: 'Linux', windows: 'Windows', unknown: 'Unbekannt' },
    chosen: '{name}, {count, number} ausgewählt',
    find: 'In {name} suchen',
    more: '{count, number} weitere. Tippen Sie, um sie zu finden.',
    nothing: 'Nichts gefunden',
    pair: '{name}: {value}',
    remove: 'Filter {name}: {value} entfernen',
    clear: 'Zurücksetzen',
    clearAll: 'Filter zurücksetzen',
    show: '{count, number} Server anzeigen',
  },
}
