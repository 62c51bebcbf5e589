/** What a tab saw of direct lines lies here in its storage while its page loads anew. */
export const SEEN_KEY = 'bms-console.seen'
