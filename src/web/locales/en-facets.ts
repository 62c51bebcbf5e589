/** English for the filters of the list of servers, which come with them. */
export const enFacets = {
  facets: {
    filter: 'Filter',
    filters: 'Filters',
    active: 'Active filters',
    tag: 'Tags',
    systems: { linux: 'Linux', windows: 'Windows', unknown: 'Unknown' },
    chosen: '{name}, {count, number} selected',
    find: 'Find in {name}',
    more: '{count, number} more. Type to find them.',
    nothing: 'Nothing found',
    pair: '{name}: {value}',
    remove: 'Remove filter {name}: {value}',
    clear: 'Clear',
    clearAll: 'Clear filters',
    show: 'Show {count, plural, one {# server} other {# servers}}',
  },
}
