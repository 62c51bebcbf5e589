/**
 * Ends what a keyboard composes while a modifier is held on the screen. Android's keyboards compose words: the Ctrl+C that a
 * person has just pressed would wait until a space ends the word.
 * @param element has the terminal in it, and goes with it
 */
export function endHeldCompositions(element: HTMLElement, keyboard: { readonly isHolding: boolean }): void {
  const end = ({ target }: Event) => {
    if (!(target instanceof HTMLTextAreaElement) || !keyboard.isHolding) return
    // A key that composes nothing: xterm.js sends what there is at once, and the keyboard begins anew in an empty text.
    target.dispatchEvent(new KeyboardEvent('keydown', { key: 'Unidentified', bubbles: true }))
    target.value = ''
  }
  element.addEventListener(
    'input',
    (event) => {
      // xterm.js learns how long the text is in a timer of its own, which runs before this one.
      if (event instanceof InputEvent && event.isComposing) setTimeout(end, 0, event)
    },
    true,
  )
}
