import { fireEvent, screen, within } from '@testing-library/react'
import { beforeEach, describe, expect, it } from 'vitest'
import { paths } from '../../shared/api.ts'
import type { AuditEvent, AuditList } from '../../shared/audit.ts'
import { type Asked, FakeApi } from '../../testing/web/fake-api.ts'
import { openPage } from '../../testing/web/render.tsx'
import { t } from '../../testing/web/words.ts'
import { en } from '../locales/en.ts'
import { momentOf } from '../ui/local-time.ts'

const { audit: words } = en

const closed: AuditEvent = {
  time: '2026-03-01T13:59:00.000Z',
  action: 'close-console',
  outcome: 'done',
  cause: null,
  user: { id: 'oidc:4711', name: 'Ada Lovelace' },
  from: '192.0.2.7',
  server: { id: 'id-db', name: 'db-fra-02' },
  project: { id: 'id-team', name: 'team-a' },
  session: 's',
  durationMs: 3_723_000,
  bytesIn: 812,
  bytesOut: 1_400_000,
  detail: null,
  count: 1,
}
const refused: AuditEvent = {
  ...closed,
  action: 'power',
  outcome: 'refused',
  cause: 'role-forbids',
  detail: 'reboot',
  durationMs: 240,
  bytesIn: null,
  bytesOut: null,
}
const nobody: AuditEvent = {
  ...refused,
  action: 'sign-in',
  outcome: 'failed',
  user: null,
  server: null,
  durationMs: null,
}

let api: FakeApi
let extra: Partial<AuditList>
beforeEach(() => {
  extra = {}
  api = new FakeApi().answer('GET', paths.audit({}), ({ query }: Asked): AuditList => {
    const before = query.get('before')
    return {
      events: before === null ? [closed, refused, nobody] : [closed],
      older: before === '100' ? null : '100',
      complete: true,
      kept: 'file',
      unwritten: 0,
      ...extra,
    }
  })
})

const open = async (path = '/audit') => {
  const page = await openPage(path)
  await screen.findByRole('heading', { name: words.title })
  await expect.poll(() => screen.queryByText(words.loading)).toBeNull()
  return page
}
const rows = () => screen.getAllByRole('row').slice(1)
const lastAsked = () => Object.fromEntries(api.askedFor('GET', paths.audit({})).at(-1)?.query ?? [])
const button = (name: string) => screen.getByRole('button', { name })

describe('a row', () => {
  it.each<[AuditEvent['action'], string, string]>([
    ['close-console', 'had the keyboard', words.details.writer],
    ['close-console', 'read-only', words.details.reader],
    ['power', 'hard-reboot', en.power.actions['hard-reboot']],
    ['read-log', 'page', words.details.page],
    ['sign-out', 'everywhere', words.details.everywhere],
    ['get-keyboard', 'handed by Ada Byron', t('audit.details.handedBy', { rest: 'Ada Byron' })],
    // What is none of ours stays as it is.
    ['power', 'POST /api/servers/:id/power', 'POST /api/servers/:id/power'],
    ['start-recording', 'raw', 'raw'],
  ])('says a detail in words: %s, %s', async (action, detail, said) => {
    extra = { events: [{ ...closed, action, detail }] }
    await open()
    expect(screen.getAllByText(said).some((each) => each.tagName === 'SMALL')).toBe(true)
  })

  it('says who did what, when, from where, to which server and how it went', async () => {
    await open()
    const [first, second, third] = rows()
    for (const fact of [
      'Ada Lovelace',
      '192.0.2.7',
      words.actions['close-console'],
      words.outcomes.done,
      'team-a',
      '1:02:03',
      `812 B ${words.typed}`,
      `1.3 MiB ${words.printed}`,
    ])
      expect(first).toHaveTextContent(fact)
    expect(within(first as HTMLElement).getByRole('link', { name: 'db-fra-02' })).toHaveAttribute(
      'href',
      '/servers/id-db/console',
    )
    for (const fact of [
      words.actions.power,
      en.power.actions.reboot,
      words.outcomes.refused,
      en.causes['role-forbids'].title,
      t('audit.seconds', { seconds: '0.24' }),
    ])
      expect(second).toHaveTextContent(fact)
    expect(third).toHaveTextContent(words.nobody)
    expect(first).not.toHaveTextContent(t('audit.times', { count: 1 }))
  })

  it('says how often it happened, and what the log lacks', async () => {
    const bySelf = { ...nobody, from: '', action: 'lose-events', count: 312 } as const
    extra = { events: [{ ...closed, action: 'take-keyboard', count: 7_700 }, bySelf] }
    await open()
    const [repeated, lost] = rows()
    expect(repeated).toHaveTextContent('7,700 times')
    expect(lost).toHaveTextContent(words.itself)
    expect(lost).toHaveTextContent(t('audit.lost', { count: 312 }))
    expect(lost).not.toHaveTextContent(words.nobody)
  })
})

describe('filters', () => {
  it('narrow the list, are in the address, and are cleared', async () => {
    const { user, address } = await open()
    await user.selectOptions(screen.getByRole('combobox', { name: words.action }), words.actions.power)
    await user.selectOptions(screen.getByRole('combobox', { name: words.outcome }), words.outcomes.refused)
    await expect.poll(lastAsked).toEqual({ action: 'power', outcome: 'refused' })
    await user.type(screen.getByRole('searchbox', { name: words.user }), 'bob{Enter}')
    await expect.poll(lastAsked).toEqual({ action: 'power', outcome: 'refused', user: 'bob' })
    expect(address()).toBe('/audit?action=power&outcome=refused&user=bob')
    const csv = screen.getByRole('link', { name: words.csv }).getAttribute('href')?.split('?')[1]
    expect(Object.fromEntries(new URLSearchParams(csv))).toEqual(lastAsked())
    await user.click(button(words.clear))
    await expect.poll(address).toBe('/audit')
    expect(screen.getByRole('searchbox', { name: words.user })).toHaveValue('')
    expect(screen.queryByRole('button', { name: words.clear })).toBeNull()
  })

  it('by time are of the browser’s zone', async () => {
    await open()
    fireEvent.change(screen.getByLabelText(words.from), { target: { value: '2026-03-01T13:10' } })
    await expect.poll(lastAsked).toEqual({ from: momentOf('2026-03-01T13:10') })
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
    expect(screen.getByText(t('audit.zone', { zone }))).toBeVisible()
  })

  it('come from the address', async () => {
    await open('/audit?user=BOB&action=sign-in')
    expect(screen.getByRole('searchbox', { name: words.user })).toHaveValue('BOB')
    expect(screen.getByRole('combobox', { name: words.action })).toHaveDisplayValue(words.actions['sign-in'])
    expect(lastAsked()).toEqual({ user: 'BOB', action: 'sign-in' })
  })
})

describe('pages', () => {
  it('go to older events and back', async () => {
    const { user, address } = await open()
    expect(button(words.newer)).toBeDisabled()
    await user.click(button(words.older))
    await expect.poll(rows).toHaveLength(1)
    expect(lastAsked()).toEqual({ before: '100' })
    expect(button(words.older)).toBeDisabled()
    await user.click(button(words.newer))
    await expect.poll(rows).toHaveLength(3)
    expect(address()).toBe('/audit')
  })

  it('opened by a link lead to the newest', async () => {
    const { user, address } = await open('/audit?before=100&action=power')
    expect(lastAsked()).toEqual({ action: 'power', before: '100' })
    await user.click(button(words.newer))
    await expect.poll(address).toBe('/audit?action=power')
  })
})

describe('what the list lacks', () => {
  it.each<[Partial<AuditList>, string]>([
    [{ kept: 'memory' }, words.memory],
    [{ complete: false }, words.incomplete],
    [{ away: true }, words.away],
    [{ unwritten: 3 }, t('audit.unwritten', { count: 3 })],
  ])('is said: %o', async (change, text) => {
    extra = change
    await open()
    expect(await screen.findByText(text)).toBeVisible()
  })
})

describe('an empty list', () => {
  it.each([
    ['/audit', words.none],
    ['/audit?action=power', words.noMatch],
    ['/audit?before=100', words.noOlder],
  ])('%s says why', async (path, heading) => {
    extra = { events: [], older: null }
    await open(path)
    expect(await screen.findByRole('heading', { name: heading })).toBeVisible()
  })
})

describe('a failure', () => {
  it.each(['audit-off', 'role-forbids'] as const)(
    'has its words, and nothing to filter: %s',
    async (cause) => {
      api.fail('GET', paths.audit({}), { cause }, 403)
      await open()
      const alert = await screen.findByRole('alert')
      expect(alert).toHaveTextContent(en.causes[cause].title)
      expect(alert).toHaveTextContent(en.causes[cause].next)
      expect(screen.queryByRole('searchbox')).toBeNull()
      expect(screen.queryByRole('link', { name: words.csv })).toBeNull()
    },
  )
})
