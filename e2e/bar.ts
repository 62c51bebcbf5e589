import type { Page } from '@playwright/test'

/** Opens a menu of the console's bar; on a narrow page, the one that has the items of all. */
export async function openMenu(page: Page, name: 'View' | 'Session'): Promise<void> {
  const more = page.getByRole('button', { name: 'More tools' })
  const menu = page.getByRole('button', { name, exact: true })
  await ((await more.isVisible()) ? more : menu).click()
}

/** Chooses an item of a menu of the console's bar. */
export async function chooseItem(page: Page, menu: 'View' | 'Session', item: string): Promise<void> {
  await openMenu(page, menu)
  await page.getByRole('menuitem', { name: item, exact: true }).click()
}
