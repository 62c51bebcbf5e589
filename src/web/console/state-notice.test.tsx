import { act, screen, within } from '@testing-library/react'
import type { ComponentType, ReactNode } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Cause, type Failure, retriesByItself } from '../../shared/cause.ts'
import { FakeApi } from '../../testing/web/fake-api.ts'
import { issuedConsole, viewer } from '../../testing/web/fake-line.ts'
import { openConsole } from '../../testing/web/open-console.ts'
import { draw } from '../../testing/web/render.tsx'
import { t } from '../../testing/web/words.ts'
import { en } from '../locales/en.ts'
import { SignInOrBack } from './next-steps.tsx'
import type { Machine } from './session/line-status.ts'
import { type NextStepsProps, StateNotice } from './state-notice.tsx'

const { console: words, causes } = en

beforeEach(() => {
  new FakeApi()
  // What the page counts by; what the test waits by stays the machine's.
  vi.useFakeTimers({
    toFake: ['Date', 'setInterval', 'clearInterval'],
    now: new Date('2026-01-01T00:00:00Z'),
  })
})
afterEach(() => void vi.useRealTimers())

async function notice({
  machine = null as Machine,
  powerOn = null as ReactNode,
  NextSteps = SignInOrBack as ComponentType<NextStepsProps>,
} = {}) {
  const console = openConsole()
  const { user, container } = await draw(
    <StateNotice
      session={console.session}
      machine={machine}
      powerOn={powerOn}
      NextSteps={NextSteps}
      onFocus={() => console.terminal.focus()}
    />,
  )
  return { ...console, user, container }
}

/** Not a second passes, but the clock says that a day is undone. */
const setBackADay = () =>
  act(async () => {
    vi.setSystemTime(Date.now() - 86_400_000)
    vi.advanceTimersToNextTimer()
  })
const pass = (ms: number) => act(async () => void vi.advanceTimersByTime(ms))
const button = (name: string) => screen.getByRole('button', { name })
const heading = () => screen.queryByRole('heading')?.textContent ?? null
/** What a screen reader reads by itself, beside the alerts. */
const spoken = () =>
  screen
    .getAllByRole('status')
    .map((status) => status.textContent)
    .filter(Boolean)

describe('a line that works', () => {
  it('has no notice, and a screen reader hears where it stands', async () => {
    const { live } = await notice()
    expect(spoken()).toEqual([words.connecting])
    await live()
    expect(heading()).toBeNull()
    expect(spoken()).toEqual([words.live])
  })
})

describe('a silent line', () => {
  it('gets words after a moment, and Enter by a button', async () => {
    const { silent, line, user, focus } = await notice()
    await silent()
    expect(heading()).toBeNull()
    await pass(2_000)
    expect(heading()).toBe(words.silentTitle)
    expect(screen.getByText(words.silentNext)).toBeVisible()
    expect(spoken()).toEqual([`${words.silentTitle}. ${words.silentNext}`])
    await user.click(button(words.pressEnter))
    expect(line.connection.typed).toBe('\r')
    expect(focus).toHaveBeenCalledOnce()
    await act(async () => line.connection.prints('login: '))
    expect(heading()).toBeNull()
  })

  it('of a server that is off says that, and offers to power it on', async () => {
    const { silent } = await notice({ machine: 'off', powerOn: <button type="button">Power on</button> })
    await silent()
    await pass(2_000)
    expect(heading()).toBe(words.silentOffTitle)
    expect(screen.getByText(words.silentOffNext)).toBeVisible()
    expect(button('Power on')).toBeVisible()
    expect(screen.queryByRole('button', { name: words.pressEnter })).toBeNull()
  })

  it('that is back does not deny what is on the screen', async () => {
    const { live, line, session, user } = await notice()
    await live()
    await act(async () => line.connection.fails({ cause: 'gateway-closed' }))
    await act(async () => {
      session.connect()
      ;(await line.give(issuedConsole.direct)).opens()
    })
    await pass(2_000)
    expect(heading()).toBe(words.quietTitle)
    expect(screen.getByText(words.quietNext)).toBeVisible()
    await user.click(button(words.pressEnter))
    expect(line.connection.typed).toBe('\r')
  })

  it('offers no Enter to a full-screen program', async () => {
    const { shared, line } = await notice()
    await shared()
    await act(async () => {
      line.connection.prints('\x1b[?1049hvi')
      line.connection.relays({ type: 'line-lost', failure: { cause: 'gateway-closed' }, retryInMs: 1_000 })
      line.connection.relays({ type: 'line-opening', failure: null }).opens()
    })
    await pass(2_000)
    expect(heading()).toBe(words.quietTitle)
    expect(screen.getByText(words.quietFullScreen)).toBeVisible()
    expect(screen.queryByRole('button')).toBeNull()
  })

  it('offers the keyboard to one who watches', async () => {
    const { session, line, user } = await notice()
    await act(async () => {
      session.connect()
      ;(await line.give(issuedConsole.relay)).joins().hasViewers(2, viewer(1), viewer(2)).opens()
    })
    await pass(2_000)
    expect(screen.getByText(words.silentWatching)).toBeVisible()
    await user.click(button(words.takeKeyboard))
    expect(line.connection.told).toEqual([{ type: 'take' }])
  })
})

const retried = Cause.options.filter((cause) => retriesByItself[cause])
/** A line with these causes ends for good: nothing but another server helps. */
const final: readonly Cause[] = ['unsupported-os', 'server-not-found']
const ended = Cause.options.filter((cause) => !retriesByItself[cause])

async function failed(failure: Failure) {
  const console = await notice()
  await console.live()
  await act(async () => console.line.connection.fails(failure))
  return console
}

describe('each failure has its own words and next step', () => {
  it.each(Cause.options)('%s', async (cause) => {
    await failed({ cause, detail: 'What an engineer needs.', code: 'BMS.0033', requestId: 'req-1' })
    const alert = screen.getByRole('alert')
    expect(within(alert).getByRole('heading')).toHaveTextContent(causes[cause].title)
    expect(alert).toHaveTextContent(causes[cause].next)
    expect(screen.getByText('What an engineer needs. · BMS.0033 · request req-1')).toBeInTheDocument()
    // No two read alike.
    const alike = Cause.options.filter((other) => causes[other].title === causes[cause].title)
    expect(alike).toEqual([cause])
  })

  it.each(['bms:servers:serialConsole', 'os_compute_api:os-remote-consoles'])(
    'no-permission names what is missing, as the cloud at hand calls it: %s',
    async (permission) => {
      await failed({ cause: 'no-permission', permission })
      expect(screen.getByRole('alert')).toHaveTextContent(t('shell.permission', { permission }))
      expect(causes['no-permission'].next).not.toContain('bms:')
    },
  )

  it('signed-out counts down until the cloud is asked again', async () => {
    await failed({ cause: 'signed-out', retryAfter: 600 })
    expect(screen.getByText(t('shell.nextTry', { time: '10:00' }))).toBeVisible()
    await setBackADay()
    expect(screen.getByText(t('shell.nextTry', { time: '10:00' }))).toBeVisible()
  })

  it.each<[Cause, string]>([
    ['console-url-refused', 'BMS_CONSOLE_GATEWAYS'],
    ['origin-refused', 'allowed_origins'],
    ['session-limit', 'BMS_CONSOLE_MAX_SESSIONS'],
    ['recordings-off', 'BMS_CONSOLE_RECORDINGS'],
    ['audit-off', 'BMS_CONSOLE_AUDIT'],
    ['embed-off', 'BMS_CONSOLE_EMBED_ORIGINS'],
  ])('%s names what to set: %s', (cause, name) => {
    expect(causes[cause].next).toContain(name)
  })
})

describe('a failure that passes', () => {
  it.each(retried)('is tried again by itself, and at once by a button: %s', async (cause) => {
    const { line, user, focus } = await failed({ cause })
    expect(screen.getByText(t('console.again', { seconds: 1 }))).toBeVisible()
    await user.click(button(words.now))
    expect(line.asked).toHaveLength(2)
    expect(focus).toHaveBeenCalledOnce()
    // Its words stay while it is tried: words that come and go are not read.
    expect(within(screen.getByRole('alert')).getByRole('heading')).toHaveTextContent(causes[cause].title)
    expect(screen.getByText(words.trying)).toBeVisible()
    expect(button(words.now)).toBeDisabled()
    await act(async () => (await line.give(issuedConsole.direct)).opens().prints('back'))
    expect(screen.queryByRole('alert')).toBeNull()
    expect(spoken()).toEqual([words.live])
  })

  it('counts down beside the alert: a screen reader would read each second', async () => {
    const { line } = await failed({ cause: 'throttled', retryAfter: 17 })
    expect(screen.getByText(t('console.again', { seconds: 17 }))).toBeVisible()
    await pass(5_000)
    expect(screen.getByText(t('console.again', { seconds: 12 }))).toBeVisible()
    expect(screen.getByRole('alert')).not.toHaveTextContent(/\d/)
    expect(spoken()).toEqual([])
    expect(line.asked).toHaveLength(1)
  })

  it('of the relay’s line is the relay’s to try again, at once where it can be asked', async () => {
    const { shared, line, user, focus } = await notice()
    await shared()
    await act(async () => {
      line.connection.relays({ type: 'line-lost', failure: { cause: 'gateway-closed' }, retryInMs: 4_000 })
    })
    expect(screen.getByText(t('console.again', { seconds: 4 }))).toBeVisible()
    await user.click(button(words.now))
    expect(line.connection.hurries).toBe(1)
    expect(line.asked).toHaveLength(1)
    expect(focus).toHaveBeenCalledOnce()
    // The cloud is down meanwhile: that is the cause now, and the countdown is that of the next try.
    await act(async () => {
      line.connection.relays({ type: 'line-lost', failure: { cause: 'cloud-unreachable' }, retryInMs: 9_000 })
    })
    expect(screen.getByRole('alert')).toHaveTextContent(causes['cloud-unreachable'].title)
    expect(screen.getByText(t('console.again', { seconds: 9 }))).toBeVisible()
    await pass(9_000)
    expect(screen.getByText(words.trying)).toBeVisible()
    expect(button(words.now)).toBeDisabled()
  })

  it('of the relay’s line waits where the relay cannot be asked', async () => {
    const { shared, line } = await notice()
    line.hurriesRelay = false
    await shared()
    await act(async () => {
      line.connection.relays({ type: 'line-lost', failure: { cause: 'gateway-closed' }, retryInMs: 4_000 })
    })
    expect(screen.getByText(t('console.again', { seconds: 4 }))).toBeVisible()
    expect(button(words.now)).toBeDisabled()
  })

  it('says that keys were not sent, until a person has seen to them', async () => {
    const { session, line, user } = await failed({ cause: 'throttled', retryAfter: 17 })
    await act(async () => session.sendText('x'))
    const title = t('console.lost.notSent', { count: 1 })
    expect(spoken()).toEqual([`${title}. ${words.lost.later}`])
    expect(line.connection.typed).toBe('')
    await pass(60_000)
    expect(screen.getByRole('heading', { name: title })).toBeVisible()
    await user.click(button(words.lost.dismiss))
    expect(spoken()).toEqual([])
  })
})

describe('a server that is off', () => {
  const powerOn = <button type="button">Power on</button>

  it('on a line that was live is told as off', async () => {
    const { live } = await notice({ machine: 'off', powerOn })
    await live()
    expect(heading()).toBe(words.silentOffTitle)
    expect(button('Power on')).toBeVisible()
  })

  it.each<Cause>([
    'server-not-running',
    'server-not-ready',
    'gateway-hung-up',
    'origin-doubtful',
    'gateway-closed',
  ])('is why its console cannot be had: %s', async (cause) => {
    const { session, line } = await notice({ machine: 'off', powerOn })
    await act(async () => {
      session.connect()
      ;(await line.give(issuedConsole.direct)).opens().fails({ cause })
    })
    expect(button('Power on')).toBeVisible()
    expect(screen.getByRole('alert')).toHaveTextContent(causes['server-not-running'].title)
  })

  it('is still being created: that is why, and there is nothing to power on', async () => {
    const { session, line } = await notice({ machine: 'building', powerOn })
    await act(async () => {
      session.connect()
      ;(await line.give(issuedConsole.direct)).opens().fails({ cause: 'gateway-closed' })
    })
    expect(screen.getByRole('alert')).toHaveTextContent(causes['server-not-ready'].title)
    expect(screen.queryByRole('button', { name: 'Power on' })).toBeNull()
    await act(async () => {
      session.connect()
      ;(await line.give(issuedConsole.direct)).opens()
    })
    await pass(2_000)
    expect(heading()).toBe(words.buildingTitle)
  })

  it('is no reason to offer that where the cause is another', async () => {
    const { session, line } = await notice({ machine: 'off', powerOn })
    await act(async () => {
      session.connect()
      ;(await line.give(issuedConsole.direct)).opens().fails({ cause: 'no-permission' })
    })
    expect(screen.queryByRole('button', { name: 'Power on' })).toBeNull()
  })
})

describe('a failure that does not pass', () => {
  const others = ended.filter(
    (cause) => !final.includes(cause) && !['sign-in-needed', 'page-outdated', 'in-use'].includes(cause),
  )

  it.each([false, true])(
    'asks before a line is opened that another page may have: yours, %s',
    async (yours) => {
      const inUseBy = { name: 'Ada', yours, agoMs: 300_000 }
      const { line, user, focus } = await failed({ cause: 'in-use', inUseBy })
      const { mayBeInUse } = words
      const asked = screen.getByRole('alert')
      expect(asked).toHaveTextContent(causes['in-use'].title)
      expect(asked).toHaveTextContent(
        t(`console.mayBeInUse.${yours ? 'yours' : 'theirs'}`, { name: 'Ada', time: '5 min' }),
      )
      expect(screen.getByRole('link', { name: words.back })).toHaveAttribute('href', '/')
      expect(screen.queryByRole('button', { name: words.reconnect })).toBeNull()
      await user.click(button(mayBeInUse.anyway))
      expect(line.asked.map(({ ask }) => ask)).toEqual([true, false])
      expect(focus).toHaveBeenCalledOnce()
      expect(screen.queryByRole('alert')).toBeNull()
    },
  )

  it.each(others)('waits for a person, who reconnects: %s', async (cause) => {
    const { line, user, focus } = await failed({ cause })
    expect(screen.queryByRole('button', { name: words.now })).toBeNull()
    expect(screen.queryByRole('link')).toBeNull()
    await user.click(button(words.reconnect))
    expect(line.asked).toHaveLength(2)
    expect(focus).toHaveBeenCalledOnce()
    expect(screen.queryByRole('alert')).toBeNull()
  })

  it.each(final)('that no new line mends leads back to the list: %s', async (cause) => {
    await failed({ cause })
    expect(screen.getByRole('link', { name: words.back })).toHaveAttribute('href', '/')
    expect(screen.queryByRole('button')).toBeNull()
  })

  it('that a newer page mends reloads it', async () => {
    const reload = vi.spyOn(location, 'reload').mockImplementation(() => {})
    const { user } = await failed({ cause: 'page-outdated' })
    expect(screen.queryByRole('button', { name: words.reconnect })).toBeNull()
    await user.click(button(words.reload))
    expect(reload).toHaveBeenCalledOnce()
    reload.mockRestore()
  })

  it('for want of a sign-in leads there in another tab: what was shown stays', async () => {
    await failed({ cause: 'sign-in-needed' })
    const link = screen.getByRole('link', { name: words.signIn })
    expect(link).toHaveAttribute('href', '/sign-in?to=%2Fsigned-in')
    expect(link).toHaveAttribute('target', '_blank')
    expect(button(words.reconnect)).toBeVisible()
  })
})

const NoStep = () => null

it('a failure without a next step has no row of buttons, and still says that keys were not sent', async () => {
  const { session, line, container } = await notice({ NextSteps: NoStep })
  await act(async () => {
    session.connect()
    ;(await line.give(issuedConsole.direct)).fails({ cause: 'unsupported-os' })
  })
  expect(container.querySelector('.actions')).toBeEmptyDOMElement()
  await act(async () => session.sendText('x'))
  expect(spoken()).toEqual([words.notSent])
  expect(container.querySelector('.actions')).toHaveTextContent(words.notSent)
})

describe('an end', () => {
  it('of one’s own keeps what was shown, says so when keys are typed, and reconnects', async () => {
    const { live, session, line, user, focus } = await notice()
    await live()
    await act(async () => session.disconnect())
    expect(heading()).toBe(words.userEnded)
    expect(screen.getByText(words.userEndedNext)).toBeVisible()
    expect(screen.queryByRole('alert')).toBeNull()
    await act(async () => session.sendText('x'))
    expect(spoken()).toContain(words.notSent)
    expect(screen.getByText(words.notSent, { selector: 'strong' })).toBeVisible()
    await user.click(button(words.reconnect))
    expect(line.asked).toHaveLength(2)
    expect(focus).toHaveBeenCalledOnce()
    expect(heading()).toBeNull()
  })

  it('for all, by oneself, is told as one’s own; by another as a failure', async () => {
    const { shared, session, line } = await notice()
    await shared()
    await act(async () => {
      session.endForAll()
      line.connection.fails({ cause: 'operator-ended' })
    })
    expect(heading()).toBe(words.youEnded)
    expect(screen.getByText(words.youEndedNext)).toBeVisible()
    expect(screen.queryByRole('alert')).toBeNull()
    expect(button(words.reconnect)).toBeVisible()
  })
})

describe('an open line that passes nothing', () => {
  it('says so, and counts beside what a screen reader reads', async () => {
    const { shared, line } = await notice()
    await shared()
    await act(async () => line.connection.handlers.onSilent(12_000))
    const { title, next } = words.unansweredBy.relay
    expect(heading()).toBe(title)
    expect(spoken()).toEqual([`${title}. ${next}`])
    expect(screen.getByText(t('console.unansweredFor', { seconds: 12 }))).toBeVisible()
    await pass(3_000)
    expect(screen.getByText(t('console.unansweredFor', { seconds: 15 }))).toBeVisible()
    await act(async () => line.connection.handlers.onSilent(null))
    expect(heading()).toBeNull()
    expect(spoken()).toEqual([words.live])
  })

  it('says of a direct one what nobody can know', async () => {
    const { live, line } = await notice()
    await live()
    await act(async () => void window.dispatchEvent(new Event('offline')))
    expect(heading()).toBe(words.unansweredBy.offline.title)
    await act(async () => line.connection.handlers.onSilent(10_000))
    expect(heading()).toBe(words.unansweredBy.direct.title)
    await act(async () => {
      line.connection.handlers.onSilent(null)
      window.dispatchEvent(new Event('online'))
    })
    expect(heading()).toBeNull()
  })
})

describe('keys of one who watches', () => {
  async function watching(may = { write: true, record: true, end: false }) {
    const console = await notice()
    await console.shared()
    await act(async () => {
      console.line.connection.joins({ may }).hasViewers(2, viewer(1), viewer(2))
      console.session.sendText('x')
    })
    return console
  }

  it('go nowhere: it says who has the keyboard, and offers it', async () => {
    const { line, user, focus } = await watching()
    expect(heading()).toBe(words.notWriter)
    expect(screen.getByText(t('console.notWriterNext', { name: 'Person 2' }))).toBeVisible()
    await user.click(button(words.takeKeyboard))
    expect(line.connection.told).toEqual([{ type: 'take' }])
    expect(focus).toHaveBeenCalledOnce()
    await act(async () => line.connection.hasViewers(1, viewer(1), viewer(2)))
    expect(heading()).toBeNull()
    expect(spoken()).toEqual([words.live])
  })

  it('may be typed where nobody has the keyboard', async () => {
    const { line } = await watching()
    await act(async () => line.connection.hasViewers(null, viewer(1), viewer(2)))
    expect(screen.getByText(t('console.notWriterNext', { name: words.nobody }))).toBeVisible()
  })

  it('whose role may watch only are refused with the reason, and offered nothing', async () => {
    await watching({ write: false, record: false, end: false })
    expect(heading()).toBe(words.mayNotWrite)
    expect(screen.getByText(words.mayNotWriteNext)).toBeVisible()
    expect(screen.queryByRole('button')).toBeNull()
  })

  it('are spoken of for some seconds only', async () => {
    await watching()
    await pass(9_000)
    expect(heading()).toBe(words.notWriter)
    await pass(1_500)
    expect(heading()).toBeNull()
    expect(spoken()).toEqual([words.watching])
  })
})

describe('a limit', () => {
  it.each(['idle-limit', 'time-limit'] as const)(
    'is announced, counts down, and is put off: %s',
    async (limit) => {
      const { shared, line, user, focus } = await notice()
      await shared()
      await act(async () => line.connection.relays({ type: 'warning', limit, endsInMs: 75_000 }))
      const alert = screen.getByRole('alert')
      expect(within(alert).getByRole('heading')).toHaveTextContent(words.limits[limit].title)
      expect(alert).toHaveTextContent(words.limits[limit].next)
      expect(screen.getByText(t('console.endsIn', { time: '1:15' }))).toBeVisible()
      await pass(10_000)
      expect(screen.getByText(t('console.endsIn', { time: '1:05' }))).toBeVisible()
      await user.click(button(words.stay))
      expect(line.connection.told).toEqual([{ type: 'stay' }])
      expect(focus).toHaveBeenCalledOnce()
      await act(async () => line.connection.relays({ type: 'warning', limit, endsInMs: null }))
      expect(screen.queryByRole('alert')).toBeNull()
    },
  )

  it('counts down also when the clock is set back meanwhile', async () => {
    const { shared, line } = await notice()
    await shared()
    await act(async () => line.connection.relays({ type: 'warning', limit: 'time-limit', endsInMs: 75_000 }))
    await setBackADay()
    expect(screen.getByText(t('console.endsIn', { time: '1:15' }))).toBeVisible()
  })

  it('that was reached is a failure, no longer a warning', async () => {
    const { shared, line } = await notice()
    await shared()
    await act(async () => {
      line.connection
        .relays({ type: 'warning', limit: 'idle-limit', endsInMs: 1_000 })
        .fails({ cause: 'idle-limit' })
    })
    expect(screen.getAllByRole('alert')).toHaveLength(1)
    expect(screen.getByRole('alert')).toHaveTextContent(causes['idle-limit'].title)
    expect(screen.queryByRole('button', { name: words.stay })).toBeNull()
  })
})
