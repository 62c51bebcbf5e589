import { expect, logIn, seeOnScreen, test } from './stack.ts'

test.use({ sandboxCloud: 'openstack', transport: 'relay' })

test('servers of an OpenStack cloud are listed with their hardware, and their consoles open', async ({
  page,
  stack,
}) => {
  await page.goto('/')
  await expect(page.getByRole('rowheader')).toHaveCount(9)
  await expect(page.getByRole('row', { name: /web-fra-01/ })).toContainText(
    '16 CPU · 128 GiB · 1,800 GiB disk',
  )
  await logIn(page)
  await page.keyboard.type('echo by way of Nova\n')
  await seeOnScreen(page, /^by way of Nova$/m)
  expect(stack.sandbox.requests).toContainEqual({
    method: 'POST',
    path: expect.stringMatching(/^\/compute\/v2\.1\/servers\/[0-9a-f-]{36}\/remote-consoles$/),
    region: 'eu-de',
    at: expect.any(Number),
  })
  for (const secret of [stack.sandbox.openstack.applicationCredential.secret, ...stack.sandbox.iamTokens])
    expect(stack.log.join('\n')).not.toContain(secret)
})

test.describe('before microversion 2.6', () => {
  test.use({ sandboxOptions: { maxMicroversion: 1 } })

  test('consoles come from the older call', async ({ page, stack }) => {
    await logIn(page)
    expect(stack.sandbox.requests).toContainEqual({
      method: 'POST',
      path: expect.stringMatching(/\/action$/),
      region: 'eu-de',
      at: expect.any(Number),
    })
  })
})
