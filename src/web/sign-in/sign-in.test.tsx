import { screen, waitFor, within } from '@testing-library/react'
import { beforeEach, describe, expect, it } from 'vitest'
import { paths } from '../../shared/api.ts'
import type { SignInState } from '../../shared/sign-in.ts'
import { FakeApi } from '../../testing/web/fake-api.ts'
import { openPage } from '../../testing/web/render.tsx'
import { t } from '../../testing/web/words.ts'
import { en } from '../locales/en.ts'

const { signIn: words, causes } = en

let api: FakeApi
beforeEach(() => {
  api = new FakeApi()
    .answer('GET', paths.servers(), { servers: [], missing: [] })
    .answer('POST', paths.signInIam(), null)
    .answer('PUT', paths.signInProjects(), null)
    .answer('POST', paths.signOut(), { continueAt: null })
    .signedOut()
})

const account = () => screen.getByRole('textbox', { name: words.account })
const userName = () => screen.getByRole('textbox', { name: words.user })
const password = () => screen.getByLabelText(words.password)
const code = () => screen.getByRole('textbox', { name: words.code })
const submit = () => screen.getByRole('button', { name: words.signIn })
const sent = () => api.askedFor('POST', paths.signInIam()).map(({ body }) => body)
const serversPage = () => screen.findByRole('heading', { name: en.servers.title })

/** At the form for the cloud's users. */
async function atForm(path = '/sign-in') {
  const page = await openPage(path)
  await screen.findByRole('button', { name: words.signIn })
  return page
}

async function fill({ user }: Awaited<ReturnType<typeof atForm>>) {
  await user.type(account(), 'shop')
  await user.type(userName(), 'ada')
  await user.type(password(), 'pw')
}

describe('with the cloud’s own users', () => {
  it('begins where something is to be typed, and says whose account it is', async () => {
    await atForm()
    await waitFor(() => expect(account()).toHaveFocus())
    expect(screen.getByText(t('signIn.iamLead', { cloud: 'Test cloud' }))).toBeVisible()
  })

  it('has the account filled in where the installation names one', async () => {
    api.signedOut({ offer: { mode: 'iam', cloud: 'Test cloud', domain: 'shop', domainTerm: 'account' } })
    await atForm()
    expect(account()).toHaveValue('shop')
    await waitFor(() => expect(userName()).toHaveFocus())
  })

  it('speaks of a domain where the cloud does', async () => {
    api.signedOut({ offer: { mode: 'iam', cloud: 'Test cloud', domain: null, domainTerm: 'domain' } })
    await atForm()
    await waitFor(() => expect(screen.getByRole('textbox', { name: words.domain })).toHaveFocus())
    expect(screen.getByRole('checkbox', { name: words.remember.domain })).toBeVisible()
  })

  it('sends what was typed, and goes to where one wanted to go', async () => {
    const page = await openPage('/?q=db')
    await screen.findByRole('button', { name: words.signIn })
    expect(page.address()).toBe(`/sign-in?to=${encodeURIComponent('/?q=db')}`)
    await fill(page)
    api.signedIn('operator')
    await page.user.click(submit())
    await serversPage()
    expect(sent()).toEqual([{ method: 'password', domain: 'shop', user: 'ada', password: 'pw' }])
    expect(page.address()).toBe('/?q=db')
  })

  it('goes to no other site, whatever the address says', async () => {
    const page = await atForm('/sign-in?to=//evil.test/')
    await fill(page)
    api.signedIn('operator')
    await page.user.click(submit())
    await serversPage()
    expect(page.address()).toBe('/')
  })

  it('sends once, however often the button is pressed', async () => {
    const page = await atForm()
    await fill(page)
    api.hang('POST', paths.signInIam())
    await page.user.click(submit())
    const busy = screen.getByRole('button', { name: words.signingIn })
    expect(busy).toBeDisabled()
    await page.user.type(password(), '{Enter}')
    expect(sent()).toHaveLength(1)
  })

  it('says that the credentials are refused, and has the password ready to be typed again', async () => {
    const page = await atForm()
    await fill(page)
    api.fail('POST', paths.signInIam(), { cause: 'credentials-refused' }, 401)
    await page.user.click(submit())
    const alert = await screen.findByRole('alert')
    expect(within(alert).getByRole('heading', { name: causes['credentials-refused'].title })).toBeVisible()
    expect(alert).toHaveTextContent(causes['credentials-refused'].next)
    await waitFor(() => expect(password()).toHaveFocus())
    expect(submit()).toBeEnabled()
    await page.user.keyboard('better')
    await page.user.click(submit())
    await expect.poll(() => sent().at(-1)).toMatchObject({ password: 'better' })
  })

  it('says that the cloud is away in words for a person: nothing is tried again by itself', async () => {
    const page = await atForm()
    await fill(page)
    api.fail('POST', paths.signInIam(), { cause: 'cloud-unreachable' })
    await page.user.click(submit())
    const alert = await screen.findByRole('alert')
    expect(alert).toHaveTextContent(causes['cloud-unreachable'].title)
    expect(alert).toHaveTextContent(words.tryAgain)
    await waitFor(() => expect(submit()).toHaveFocus())
  })

  it('counts down to when another try is allowed', async () => {
    const page = await atForm()
    await fill(page)
    api.fail('POST', paths.signInIam(), { cause: 'sign-in-throttled', retryAfter: 280 }, 429)
    await page.user.click(submit())
    const alert = await screen.findByRole('alert')
    expect(alert).toHaveTextContent(causes['sign-in-throttled'].title)
    expect(screen.getByText(new RegExp(t('signIn.wait', { time: '4:[34]\\d' })))).toBeVisible()
    // The countdown is no part of the alert: it would be read out every second.
    expect(alert).not.toHaveTextContent(/4:\d/)
  })

  it('says that one may try again once the wait is over', async () => {
    const page = await atForm()
    await fill(page)
    api.fail('POST', paths.signInIam(), { cause: 'sign-in-throttled', retryAfter: 0 }, 429)
    await page.user.click(submit())
    expect(await screen.findByText(words.nowAgain)).toBeVisible()
  })
})

describe('the code of an authenticator app', () => {
  it('is asked for where the account has one, which is no failure', async () => {
    const page = await atForm()
    await fill(page)
    api.fail('POST', paths.signInIam(), { cause: 'code-needed' }, 401)
    await page.user.click(submit())
    const field = await screen.findByRole('textbox', { name: words.code })
    await waitFor(() => expect(field).toHaveFocus())
    expect(field).toBeRequired()
    expect(field).toHaveAccessibleDescription(words.codeAsked)
    expect(screen.queryByRole('alert')).toBeNull()
    await page.user.keyboard('123 456')
    await page.user.click(submit())
    await expect.poll(() => sent().at(-1)).toMatchObject({ password: 'pw', code: '123456' })
  })

  it('that was wrong is said so, and typed anew: each is good for once', async () => {
    const page = await atForm()
    await fill(page)
    await page.user.click(screen.getByRole('button', { name: words.haveCode }))
    await expect.poll(() => document.activeElement).toBe(code())
    expect(code()).toHaveAccessibleDescription(words.codeHint)
    await page.user.keyboard('000000')
    api.fail('POST', paths.signInIam(), { cause: 'code-needed' }, 401)
    await page.user.click(submit())
    expect(await screen.findByRole('alert')).toHaveTextContent(causes['code-needed'].title)
    expect(code()).toHaveValue('')
    await waitFor(() => expect(code()).toHaveFocus())
  })

  it('that is not needed is not sent', async () => {
    const page = await atForm()
    await fill(page)
    await page.user.click(screen.getByRole('button', { name: words.haveCode }))
    expect(code()).not.toBeRequired()
    await page.user.click(submit())
    await expect.poll(sent).toEqual([{ method: 'password', domain: 'shop', user: 'ada', password: 'pw' }])
  })
})

describe('what is remembered', () => {
  it('is account and user name, if one wants, and never the password', async () => {
    const page = await atForm()
    await fill(page)
    await page.user.click(screen.getByRole('checkbox', { name: words.remember.account }))
    await page.user.click(submit())
    await expect.poll(sent).toHaveLength(1)
    expect(JSON.stringify({ ...localStorage })).toContain('ada')
    expect(JSON.stringify([{ ...localStorage }, { ...sessionStorage }])).not.toContain('"pw"')
    page.unmount()

    const again = await atForm()
    expect(account()).toHaveValue('shop')
    expect(userName()).toHaveValue('ada')
    await waitFor(() => expect(password()).toHaveFocus())
    await again.user.type(password(), 'pw')
    await again.user.click(screen.getByRole('checkbox', { name: words.remember.account }))
    await again.user.click(submit())
    await expect.poll(sent).toHaveLength(2)
    expect(JSON.stringify({ ...localStorage })).not.toContain('ada')
  })

  it('is nothing by itself', async () => {
    const page = await atForm()
    await fill(page)
    await page.user.click(submit())
    await expect.poll(sent).toHaveLength(1)
    expect(JSON.stringify({ ...localStorage })).not.toContain('ada')
  })
})

describe('a secret', () => {
  it('is shown to its owner only when asked', async () => {
    const { user } = await atForm()
    const show = () => screen.getByRole('button', { name: t('signIn.show', { what: words.password }) })
    expect(password()).toHaveAttribute('type', 'password')
    expect(show()).toHaveAttribute('aria-pressed', 'false')
    await user.click(show())
    expect(password()).toHaveAttribute('type', 'text')
    expect(show()).toHaveAttribute('aria-pressed', 'true')
  })

  it('typed with Caps Lock on is remarked upon', async () => {
    const { user } = await atForm()
    await user.click(password())
    await user.keyboard('{CapsLock}a')
    expect(screen.getByText(words.capsLock)).toBeVisible()
    expect(password()).toHaveAccessibleDescription(words.capsLock)
    await user.tab()
    expect(screen.queryByText(words.capsLock)).toBeNull()
  })
})

describe('a token', () => {
  const field = () => screen.getByLabelText(words.token)

  it('is taken without the line ends that a terminal gave it, and is kept nowhere', async () => {
    const { user } = await atForm()
    await user.click(screen.getByRole('button', { name: words.useToken }))
    await waitFor(() => expect(field()).toHaveFocus())
    expect(screen.getByText(words.tokenHint)).toBeVisible()
    await user.paste('gAAAAA\nbbbb cccc\n')
    await user.click(submit())
    await expect.poll(sent).toEqual([{ method: 'token', token: 'gAAAAAbbbbcccc' }])
    expect(JSON.stringify([{ ...localStorage }, { ...sessionStorage }])).not.toContain('gAAAAA')
  })

  it('that is no more is said so, ready to be replaced', async () => {
    const { user } = await atForm()
    await user.click(screen.getByRole('button', { name: words.useToken }))
    await user.paste('old')
    api.fail('POST', paths.signInIam(), { cause: 'credentials-refused' }, 401)
    await user.click(submit())
    expect(await screen.findByRole('alert')).toHaveTextContent(causes['credentials-refused'].title)
    await waitFor(() => expect(field()).toHaveFocus())
    // Another way to sign in begins without the failure of this one.
    await user.click(screen.getByRole('button', { name: words.usePassword }))
    expect(screen.queryByRole('alert')).toBeNull()
    await waitFor(() => expect(account()).toHaveFocus())
  })
})

describe('at a provider', () => {
  it('goes there by a link that knows the way back', async () => {
    api.signedOut({ offer: { mode: 'oidc', provider: 'Example ID' } })
    await openPage('/recordings?q=panic')
    const link = await screen.findByRole('link', { name: t('signIn.oidc', { provider: 'Example ID' }) })
    expect(link).toHaveAttribute('href', paths.signInOidc('/recordings?q=panic'))
    expect(screen.getByText(t('signIn.oidcLead', { provider: 'Example ID' }))).toBeVisible()
    expect(screen.queryByRole('alert')).toBeNull()
  })

  it.each(['sign-in-failed', 'no-role'] as const)(
    'that did not work is said, and tried again: %s',
    async (why) => {
      api.signedOut({ offer: { mode: 'oidc', provider: 'Example ID' } })
      await openPage(`/sign-in?failed=${why}`)
      const alert = await screen.findByRole('alert')
      expect(alert).toHaveTextContent(causes[why].title)
      expect(alert).toHaveTextContent(causes[why].next)
      expect(screen.getByRole('link', { name: t('signIn.oidc', { provider: 'Example ID' }) })).toBeVisible()
    },
  )
})

describe('where a proxy signs people in, and has not', () => {
  it('is said what that means, for the person and for the operator', async () => {
    api.signedOut({ offer: { mode: 'service' } })
    await openPage('/')
    expect(await screen.findByText(words.service)).toBeVisible()
    expect(screen.getByText('BMS_CONSOLE_USER_HEADER')).toBeVisible()
    expect(screen.getByRole('button', { name: en.shell.tryAgain })).toBeVisible()
    expect(screen.queryByRole('textbox')).toBeNull()
  })
})

describe('a sign-in state that does not come', () => {
  it('is a failure with a way to ask again', async () => {
    api.fail('GET', paths.signIn(), { cause: 'bad-request' }, 400)
    const { user } = await openPage('/sign-in')
    expect(await screen.findByRole('alert')).toHaveTextContent(causes['bad-request'].title)
    api.signedOut()
    await user.click(screen.getByRole('button', { name: en.shell.tryAgain }))
    expect(await screen.findByRole('button', { name: words.signIn })).toBeVisible()
  })
})

describe('projects', () => {
  const project = (name: string, region: string | null) => ({ key: `${region}/${name}`, name, region })
  const shop = project('shop', 'eu-nl')
  const lab = project('lab', 'eu-de')
  const shopDe = project('shop', 'eu-de')
  const choosing = (projects = [shop, lab, shopDe]): SignInState => ({
    state: 'choosing-projects',
    user: { name: 'Ada', role: 'operator' },
    projects,
  })
  const box = (region: string, name: string) =>
    within(screen.getByRole('group', { name: region })).getByRole('checkbox', { name })
  const show = () => screen.getByRole('button', { name: words.showServers })
  const chosen = () => api.askedFor('PUT', paths.signInProjects()).map(({ body }) => body)

  it('are chosen once one is signed in, by region, and their servers follow', async () => {
    api.answer('GET', paths.signIn(), choosing())
    const { user } = await openPage('/')
    expect(await screen.findByRole('heading', { name: words.projects })).toBeVisible()
    expect(screen.getByText(t('signIn.projectsLead', { name: 'Ada' }))).toBeVisible()
    expect(screen.getAllByRole('group').map((group) => group.querySelector('legend')?.textContent)).toEqual([
      'eu-de',
      'eu-nl',
    ])
    expect(show()).toBeDisabled()
    expect(show()).toHaveAccessibleDescription(t('signIn.chosen', { count: 0 }))
    await user.click(box('eu-de', 'shop'))
    await user.click(box('eu-nl', 'shop'))
    expect(show()).toHaveAccessibleDescription(t('signIn.chosen', { count: 2 }))
    api.signedIn('operator', { projects: [shop, shopDe] })
    await user.click(show())
    await serversPage()
    expect(chosen()).toEqual([{ projects: [shop.key, shopDe.key] }])
  })

  it('are ticked all at once, also those that a search found', async () => {
    const many = Array.from({ length: 9 }, (_, index) => project(`p${index}`, 'eu-de'))
    api.answer('GET', paths.signIn(), choosing([...many, shop]))
    const { user } = await openPage('/sign-in')
    const search = await screen.findByRole('searchbox', { name: words.searchProjects })
    await user.click(screen.getByRole('checkbox', { name: t('signIn.all', { count: 10 }) }))
    expect(screen.getAllByRole('checkbox', { checked: true })).toHaveLength(11)
    await user.type(search, 'nl{Enter}')
    expect(chosen()).toEqual([])
    await user.click(box('eu-nl', 'shop'))
    await user.clear(search)
    const all = screen.getByRole('checkbox', { name: t('signIn.all', { count: 10 }) })
    expect(all).toBePartiallyChecked()
    await user.type(search, 'p1')
    expect(screen.getAllByRole('checkbox')).toHaveLength(1)
    await user.type(search, 'x')
    expect(screen.getByText(words.noProject)).toBeVisible()
    await user.click(show())
    await expect.poll(chosen).toEqual([{ projects: many.map(({ key }) => key) }])
  })

  it('can be too many', async () => {
    api.answer(
      'GET',
      paths.signIn(),
      choosing(Array.from({ length: 51 }, (_, index) => project(`p${index}`, 'r'))),
    )
    const { user } = await openPage('/sign-in')
    await user.click(await screen.findByRole('checkbox', { name: t('signIn.all', { count: 51 }) }))
    expect(show()).toBeDisabled()
    expect(show()).toHaveAccessibleDescription(t('signIn.tooMany', { most: 50 }))
  })

  it('can be none', async () => {
    api.answer('GET', paths.signIn(), choosing([]))
    await openPage('/sign-in')
    expect(await screen.findByText(words.noProjects)).toBeVisible()
    expect(show()).toBeDisabled()
  })

  it('that could not be chosen leave the choice as it stands', async () => {
    api.answer('GET', paths.signIn(), choosing())
    const { user } = await openPage('/sign-in')
    await screen.findByRole('button', { name: words.showServers })
    await user.click(box('eu-de', 'lab'))
    api.fail('PUT', paths.signInProjects(), { cause: 'cloud-timeout' })
    await user.click(show())
    expect(await screen.findByRole('alert')).toHaveTextContent(causes['cloud-timeout'].title)
    expect(box('eu-de', 'lab')).toBeChecked()
    expect(show()).toBeEnabled()
  })

  it('are not the only way on: one may sign in as somebody else', async () => {
    api.answer('GET', paths.signIn(), choosing())
    const { user } = await openPage('/sign-in')
    const other = await screen.findByRole('button', { name: words.other })
    api.signedOut()
    await user.click(other)
    expect(await screen.findByRole('button', { name: words.signIn })).toBeVisible()
    expect(api.askedFor('POST', paths.signOut()).map(({ body }) => body)).toEqual([{ everywhere: false }])
  })

  describe('chosen anew', () => {
    beforeEach(() => {
      api
        .signedIn('operator', { projects: [lab] })
        .answer('GET', paths.signInProjects(), { projects: [shop, lab], chosen: [lab.key] })
    })

    it('begin with the choice that holds, and lead back to where one was', async () => {
      const { user, address } = await openPage('/projects?to=%2F%3Fq%3Ddb')
      await screen.findByRole('button', { name: words.showServers })
      expect(box('eu-de', 'lab')).toBeChecked()
      expect(box('eu-nl', 'shop')).not.toBeChecked()
      await user.click(box('eu-nl', 'shop'))
      await user.click(show())
      await serversPage()
      expect(chosen()).toEqual([{ projects: [shop.key, lab.key] }])
      expect(address()).toBe('/?q=db')
    })

    it('may stay as they were', async () => {
      const { user } = await openPage('/projects')
      await screen.findByRole('button', { name: words.showServers })
      await user.click(box('eu-nl', 'shop'))
      await user.click(screen.getByRole('button', { name: words.asBefore }))
      await serversPage()
      expect(chosen()).toEqual([])
    })

    it('that do not come are a failure with a way to ask again', async () => {
      api.fail('GET', paths.signInProjects(), { cause: 'no-permission' }, 403)
      const { user } = await openPage('/projects')
      expect(await screen.findByRole('alert')).toHaveTextContent(causes['no-permission'].title)
      api.answer('GET', paths.signInProjects(), { projects: [shop], chosen: [] })
      await user.click(screen.getByRole('button', { name: en.shell.tryAgain }))
      expect(await screen.findByRole('button', { name: words.showServers })).toBeVisible()
    })
  })
})
