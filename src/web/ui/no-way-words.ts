/** Takes the place of `use-way-words.ts` in the page to embed, which has no room: a portal's users cannot mend the way. */
export const useWayWords = () => null
