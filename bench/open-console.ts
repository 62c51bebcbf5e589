import type { Locator, Page } from 'playwright'

/** Opens a console from the list. @returns the button that wakes a machine which says nothing by itself */
export async function openConsole(page: Page, origin: string): Promise<Locator> {
  await page.goto(origin)
  await page.getByRole('link', { name: 'web-fra-01', exact: true }).click()
  const enter = page.getByRole('button', { name: 'Press Enter' })
  const anyway = page.getByRole('button', { name: 'Open anyway' })
  await enter.or(anyway).first().waitFor()
  // Over direct, nothing tells the server that the page of the round before is gone.
  if (await anyway.isVisible()) await anyway.click()
  return enter
}
