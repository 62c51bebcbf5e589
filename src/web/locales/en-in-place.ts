/** English for a direct line in the relay's place. It loads with the first one. */
export const enInPlace = {
  direct: 'Your browser connects to the gateway itself',
  directNext:
    "BMS Console can't reach the gateway. On this line nobody else can join, what the server prints while you're away is lost, and the page can't tell whether your keys arrive.",
  why: "Why BMS Console can't reach it",
  none: "Your browser can't get through either",
  noneNext: 'It tried first, with a link of its own. Reload the page to have it try again.',
  read: 'OK',
}
