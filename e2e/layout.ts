import { expect, type Page } from '@playwright/test'

/**
 * Expects that each control that can be seen is inside the window, has nothing over it, and is large enough for a finger
 * where fingers are used. Below an open menu or dialog nothing is looked at.
 */
export async function expectInReach(page: Page): Promise<void> {
  await expect.poll(() => page.evaluate(outOfReach), { intervals: [50, 100, 200] }).toEqual([])
}

/** Runs in the page. */
function outOfReach(): string[] {
  /** A finger's target, in pixels */
  const FINGER = 40
  const touch = matchMedia('(pointer: coarse)').matches
  const open = [...document.querySelectorAll('[role="menu"], dialog[open]')].at(-1)
  const within = (inner: DOMRect, outer: DOMRect) =>
    inner.left >= outer.left - 1 &&
    inner.top >= outer.top - 1 &&
    inner.right <= outer.right + 1 &&
    inner.bottom <= outer.bottom + 1
  const scrolledAway = (element: Element) => {
    for (let parent = element.parentElement; parent; parent = parent.parentElement) {
      const scrolls = /auto|scroll/.test(getComputedStyle(parent).overflow)
      if (scrolls && !within(element.getBoundingClientRect(), parent.getBoundingClientRect())) return true
    }
    return false
  }
  const controls = (open ?? document.body).querySelectorAll(
    'button, a[href], input, select, summary, [role^="menuitem"], [role="tab"]',
  )
  return [...controls].flatMap((control) => {
    const box = control.getBoundingClientRect()
    const shown = control.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    // What only a screen reader finds is a pixel or two wide.
    if (!shown || box.width < 3 || scrolledAway(control)) return []
    const name = `${control.getAttribute('aria-label') ?? control.textContent}`.trim()
    if (!within(box, new DOMRect(0, 0, innerWidth, innerHeight))) return [`${name} is outside`]
    const target = control.closest('label') ?? control
    const place = target.getBoundingClientRect()
    const [x, y] = [place.left + place.width / 2, place.top + place.height / 2]
    const isHit = (dy: number) => {
      const hit = document.elementFromPoint(x, y + dy)
      return hit !== null && target.contains(hit)
    }
    if (!isHit(0)) {
      // It scrolls under the answers of a dialog, which stay in sight.
      const over = document.elementFromPoint(x, y)
      return over?.closest('.choices') ? [] : [`${name} is covered`]
    }
    const reach = FINGER / 2 - 1
    return touch && !(isHit(-reach) && isHit(reach)) ? [`${name} is too low for a finger`] : []
  })
}
