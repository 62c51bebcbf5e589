import { chooseItem } from './bar.ts'
import { test } from './open-gateway.ts'
import { consoleOf, expect, seeOnScreen } from './stack.ts'

test.use({ transport: 'relay' })

test('a dialog whose code cannot be fetched is told and comes later, with its style; the line goes on', async ({
  page,
  gateway,
}) => {
  await page.goto(consoleOf('web-fra-01'))
  await seeOnScreen(page, /ready/)
  await page.route(/\/assets\/colours-dialog-/, (route) => route.abort())
  await chooseItem(page, 'View', 'Terminal colours…')
  const told = page.getByRole('alert').filter({ hasText: 'This part could not be loaded.' })
  await expect(told).toBeVisible()
  gateway.print('still here\r\n')
  await seeOnScreen(page, /still here/)
  await page.unroute(/\/assets\/colours-dialog-/)
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('dialog', { name: 'Terminal colours' })).toBeVisible()
  await expect(told).toBeHidden()
  const styles = await page.evaluate(() =>
    [...document.styleSheets].some(({ href }) => href?.includes('colours-dialog-')),
  )
  expect(styles).toBe(true)
})

test('a page of an earlier version says so, and offers to reload; its console goes on', async ({
  page,
  gateway,
}) => {
  await page.goto(consoleOf('web-fra-01'))
  await seeOnScreen(page, /ready/)
  await page.route(/\/assets\/colours-dialog-/, (route) => route.fulfill({ status: 404 }))
  await page.route(consoleOf('web-fra-01'), (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: '<script type="module" src="/assets/index-other.js"></script>',
    }),
  )
  await chooseItem(page, 'View', 'Terminal colours…')
  await expect(page.getByRole('alert').filter({ hasText: 'an earlier version' })).toBeVisible()
  gateway.print('still here\r\n')
  await seeOnScreen(page, /still here/)
  await page.unroute(consoleOf('web-fra-01'))
  await page.unroute(/\/assets\/colours-dialog-/)
  await page.getByRole('button', { name: 'Reload page' }).click()
  await seeOnScreen(page, /still here/)
})

test('a page that cannot be fetched leaves the console where it is, and is gone to when it comes', async ({
  page,
  gateway,
}) => {
  await page.goto(consoleOf('web-fra-01'))
  await seeOnScreen(page, /ready/)
  await page.route(/\/assets\/server-entry-/, (route) => route.abort())
  await page.getByRole('link', { name: 'web-fra-01' }).click()
  const told = page.getByRole('alert').filter({ hasText: 'This part could not be loaded.' })
  await expect(told).toBeVisible()
  await expect(page).toHaveURL(new RegExp(`${consoleOf('web-fra-01')}$`))
  gateway.print('still here\r\n')
  await seeOnScreen(page, /still here/)
  await page.unroute(/\/assets\/server-entry-/)
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page).not.toHaveURL(/\/console$/)
  await expect(page.getByRole('heading', { name: 'web-fra-01' })).toBeVisible()
  await page.goBack()
  await seeOnScreen(page, /ready/)
})

test('without its bar of favourites and views, the list shows all servers instead of none', async ({
  page,
}) => {
  await page.route(/\/assets\/views-bar-/, (route) => route.abort())
  await page.goto('/?only=favourites')
  await expect(page.getByRole('alert').filter({ hasText: 'This part could not be loaded.' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'db-fra-01', exact: true })).toBeVisible()
  await page.unroute(/\/assets\/views-bar-/)
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('heading', { name: 'No favourites yet' })).toBeVisible()
})
