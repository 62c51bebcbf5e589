import { readFile } from 'node:fs/promises'
import { expect, type Page } from '@playwright/test'
import { chooseItem } from './bar.ts'

/** Downloads the scrollback, as a person does. @param name what the file should be called, where that matters */
export async function scrollback(page: Page, name?: string): Promise<string> {
  const downloading = page.waitForEvent('download')
  await chooseItem(page, 'Session', 'Download scrollback')
  const download = await downloading
  if (name !== undefined) expect(download.suggestedFilename()).toBe(name)
  return readFile(await download.path(), 'utf8')
}
