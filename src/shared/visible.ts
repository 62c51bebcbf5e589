/**
 * C0 with DEL, C1, and what sets the direction of text. A terminal obeys the first two. The last can make a name look
 * like another: https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
 */
const unseen = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g

/** As JSON would write it, e.g. ESC as `\u001b`. */
const written = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/**
 * A name that somebody else chose, in one line and with nothing hidden in it. Every such name passes here before it is
 * shown or logged: a server's, a user's, a project's.
 */
export const visibleName = (name: string): string => name.replace(unseen, written)

/** The same for text that may have several lines. */
export const visibleText = (text: string): string =>
  text.replace(unseen, (character) => (/[\t\n\r]/.test(character) ? character : written(character)))
