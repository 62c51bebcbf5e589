/** Sentences, one after the other. Behind a full-width stop there is no space. */
export const sentences = (...all: readonly (string | false | null | undefined)[]): string =>
  all.filter(Boolean).join(' ').replaceAll('。 ', '。')
