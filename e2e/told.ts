import type { Page } from '@playwright/test'

/**
 * Waits for what the console tells in a line. It stays for some seconds only, and a busy computer may look too late, so
 * the page itself notes that it came. Call it before what causes it.
 */
export function tells(page: Page, sentence: string): Promise<void> {
  return page.evaluate(
    (sentence) =>
      new Promise<void>((resolve) => {
        const look = () => {
          const places = [...document.querySelectorAll('[role=status]')]
          if (!places.some((place) => place.textContent.includes(sentence) && place.checkVisibility())) return
          watching.disconnect()
          resolve()
        }
        const watching = new MutationObserver(look)
        watching.observe(document.body, { subtree: true, childList: true, characterData: true })
        look()
      }),
    sentence,
  )
}
