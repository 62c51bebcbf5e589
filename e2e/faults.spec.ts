import type { Page } from '@playwright/test'
import { Network } from '../src/testing/faults/network.ts'
import { random } from '../src/testing/faults/random.ts'
import { type Intake, intakes, watchIntake } from './faults/intake.ts'
import { plainRecord, RECORD_BYTES } from './faults/records.ts'
import { RecordSource } from './faults/source.ts'
import { freePort } from './lab/tools.ts'
import { scrollback } from './scrollback.ts'
import { test as base, expect, screen } from './stack.ts'

const SEED = 20261124
/** `npm test` runs a short form with every kind of fault, `npm run test:faults` the whole. */
const form =
  process.env.FAULTS === 'all'
    ? {
        bytes: 50_000_000,
        bytesPerTick: 40 * 1024,
        cuts: 50,
        /** The cuts that the browser knows of, as it is offline. */
        offline: (cut: number) => cut % 10 === 0,
        /** The outage that is longer than the relay waits for the writer. */
        longOutage: 20,
        /** Its bytes are more than the relay keeps. */
        longOutageBytes: 3_000_000,
        /** Cuts after which the first attempt to come back fails. */
        refused: (cut: number) => cut % 7 === 0,
        reloads: 10,
        drops: 10,
        mostBytesBetween: 1_300_000,
        ringBytes: 1024 * 1024,
      }
    : {
        bytes: 2_000_000,
        bytesPerTick: 5 * 1024,
        cuts: 5,
        offline: (cut: number) => cut === 2 || cut === 5,
        longOutage: 5,
        longOutageBytes: 300_000,
        refused: (cut: number) => cut === 3,
        reloads: 1,
        drops: 2,
        mostBytesBetween: 300_000,
        // The relay keeps two windows and a reserve: the long outage must be well beyond.
        ringBytes: 64 * 1024,
      }
const RECORDS = Math.ceil(form.bytes / RECORD_BYTES)

/** As long as the relay keeps the place of a writer who is gone (`HOLD_MS` in consoles/keyboard.ts). */
const KEYBOARD_HOLD_MS = 10_000
/** As long as the line waits for a writer who takes nothing (`PATIENCE_MS` in consoles/flow.ts). */
const PATIENCE_MS = 5_000

type Fault =
  /** The connections are cut after so many bytes; so many attempts to come back fail. */
  | { kind: 'cut'; after: number; refusals: number }
  /** The browser knows that it is offline. */
  | { kind: 'offline'; after: number; long: boolean }
  | { kind: 'reload'; after: number }

/** All the faults of one run, in order. Together their bytes are well below the stream's. */
function planFaults(): Fault[] {
  const next = random(SEED)
  const kinds = [...Array<'cut'>(form.cuts).fill('cut'), ...Array<'reload'>(form.reloads).fill('reload')]
    .map((kind) => ({ kind, order: next() }))
    .sort((a, b) => a.order - b.order)
  let cuts = 0
  return kinds.map(({ kind }) => {
    // One in five hits the handshake, the greeting or the first bytes of a replay.
    const after = Math.floor(next() < 0.2 ? next() * 2_000 : next() * form.mostBytesBetween)
    if (kind === 'reload') return { kind, after }
    cuts += 1
    if (form.offline(cuts)) return { kind: 'offline', after, long: cuts === form.longOutage }
    return { kind, after, refusals: form.refused(cuts) ? 1 : 0 }
  })
}

const test = base.extend<{ source: RecordSource; network: Network }>({
  // Playwright wants the braces: a fixture's first argument names what it needs.
  // biome-ignore lint/correctness/noEmptyPattern: it needs nothing
  source: async ({}, use) => {
    const source = await RecordSource.start({
      records: RECORDS,
      bytesPerTick: form.bytesPerTick,
      seed: SEED,
      drops: form.drops,
    })
    await use(source)
    await source.close()
  },
  // biome-ignore lint/correctness/noEmptyPattern: it needs nothing
  network: async ({}, use) => {
    const network = await Network.start(await freePort())
    await use(network)
    await network.close()
  },
  // The network is there first, so that the proxy can be told that it is opened through it, too.
  env: async ({ network }, use) =>
    use({
      BMS_CONSOLE_ISSUES_PER_MINUTE: '1000',
      BMS_CONSOLE_PORT: String(network.target),
      BMS_CONSOLE_PUBLIC_ORIGINS: `http://127.0.0.1:${network.target},${network.origin}`,
    }),
  sandboxOptions: async ({ source }, use) => use({ issueUrl: () => `http://${source.address}/?token=e2e` }),
  gateways: async ({ source }, use) => use(source.address),
})

test.use({
  transport: 'relay',
  consoleConfig: { ringBytes: form.ringBytes },
  // A trace keeps every change of the page. Here that would be most of the work.
  trace: 'off',
})

/** From the list onto the line. */
async function openConsole(page: Page, origin: string): Promise<void> {
  page.on('dialog', (dialog) => void dialog.accept())
  await page.goto(origin)
  await page.getByRole('link', { name: 'web-fra-01', exact: true }).click()
  await expect.poll(async () => (await intakes(page)).at(-1)?.joins).toBe(1)
}

/** Waits until the page has taken in the whole stream. */
async function takesAll(page: Page, total: number): Promise<Intake[]> {
  await expect
    .poll(async () => (await intakes(page)).at(-1)?.position, { timeout: 60_000 })
    .toBeGreaterThanOrEqual(total)
  return intakes(page)
}

/** From its first byte to the stream's last, each page has every byte once, save where the relay said otherwise. */
function expectWhole(pages: Intake[], total: number): void {
  for (const { wrong } of pages) expect(wrong).toEqual([])
  let before = 0
  for (const { from, position } of pages) {
    // Reloaded before it was let in.
    if (from === null) continue
    // A reload shows what the relay keeps: it begins no later than the page before it ended.
    expect(from).toBeLessThanOrEqual(before)
    before = position
  }
  expect(before).toBe(total)
}

/**
 * The records of a transcript are whole, and follow on each other but for announced gaps.
 * @returns what is wrong with it; not an `expect` for each of 50,000 lines, which would take minutes
 */
function faultsOf(transcript: string): string[] {
  const wrong: string[] = []
  const lines = transcript.trimEnd().split('\n')
  const isGap = (line: string | undefined) => /^── .* bytes lost ──$/.test(line ?? '')
  let next: number | null = null
  // A reload's history begins inside a record, and so may what follows a gap.
  let mayBreak = true
  for (const [index, line] of lines.entries()) {
    const digits = /^#(\d{9}) /.exec(line)?.[1]
    const number = digits === undefined ? null : Number(digits)
    if (number !== null && line === plainRecord(number)) {
      if (next !== null && number !== next && !mayBreak) wrong.push(`${number} in the place of ${next}`)
      next = number + 1
      mayBreak = false
    } else if (isGap(line)) {
      mayBreak = true
    } else if (line !== '' && !line.startsWith('── ') && !mayBreak && !isGap(lines[index + 1])) {
      wrong.push(`no record, line ${index}: ${lines.slice(index - 2, index + 4).join('\n')}`)
    }
  }
  if (next !== RECORDS) wrong.push(`it ends before ${next}`)
  return wrong
}

const { cuts, reloads, drops } = form
test(`${form.bytes / 1_000_000} MB through ${cuts} cuts of the network, ${reloads} reloads and ${drops} drops of the gateway: no byte is lost or doubled`, async ({
  browser,
  context,
  page,
  stack,
  source,
  network,
}) => {
  test.setTimeout(300_000)
  // A slow machine's browser takes longer to come back from a short outage. Then the line would go on without it.
  stack.clock.endOnlyBySkipping([KEYBOARD_HOLD_MS, PATIENCE_MS])
  await watchIntake(context)
  const watcherContext = await browser.newContext()
  await watchIntake(watcherContext)
  const watcher = await watcherContext.newPage()
  await openConsole(page, network.origin)
  await openConsole(watcher, stack.origin)
  source.begin()

  const strike = async (fault: Fault) => {
    switch (fault.kind) {
      case 'cut':
        return network.cutAfter(fault.after, fault.refusals)
      case 'offline':
        await network.carries(fault.after)
        await context.setOffline(true)
        // A page that does not know yet would be back at once: the browser lets its worker's sockets through.
        await expect.poll(() => page.evaluate(() => navigator.onLine)).toBe(false)
        network.cut()
        if (fault.long) {
          // The relay keeps the writer's place for a while. Until then it holds up the line, though not by bytes that
          // can be counted: the kernel takes in some, too.
          await expect(watcher.getByRole('button', { name: '2 viewers' })).toHaveCount(0)
          stack.clock.skip(KEYBOARD_HOLD_MS)
          await expect(watcher.getByRole('banner').getByText('Live', { exact: true })).toBeVisible()
          await source.pauseAfter(form.longOutageBytes)
        }
        await context.setOffline(false)
        if (!fault.long) return
        await expect.poll(async () => (await intakes(page)).at(-1)?.gaps).toHaveLength(1)
        return
      case 'reload':
        await network.carries(fault.after)
        await page.reload()
    }
  }
  for (const [index, fault] of planFaults().entries()) {
    await test.step(`fault ${index + 1}: ${JSON.stringify(fault)} at ${source.said}`, async () => {
      await strike(fault)
      // It happened while there was something to lose.
      expect(source.said).toBeLessThan(source.totalBytes)
      if (fault.kind !== 'offline' || !fault.long) return
      // Meanwhile the keyboard fell to the watcher, and only a writer's place is held.
      await page.getByRole('button', { name: '2 viewers' }).click()
      await page.getByRole('menuitem', { name: 'Take keyboard' }).click()
      await expect(page.getByRole('banner').getByText('Live', { exact: true })).toBeVisible()
      source.goOn()
    })
  }

  const own = await takesAll(page, source.totalBytes)
  const watched = await takesAll(watcher, source.totalBytes)
  expect(source.dropped).toBe(form.drops)
  expectWhole(own, source.totalBytes)
  expectWhole(watched, source.totalBytes)
  expect(own).toHaveLength(form.reloads + 1)
  expect(own.reduce((joins, each) => joins + each.joins, 0)).toBeGreaterThan(form.cuts / 2 + form.reloads)
  expect(own.flatMap(({ gaps }) => gaps)).toHaveLength(1)

  await expect.poll(() => screen(page)).toContain(plainRecord(RECORDS - 1))
  expect(faultsOf(await scrollback(page))).toEqual([])
  // Its screen is a canvas without the screen reader's tree: what it took in may still be on the way there.
  await expect.poll(async () => faultsOf(await scrollback(watcher))).toEqual([])
  const rows = (await screen(page)).split('\n').filter((row) => row.startsWith('#'))
  expect(rows.length).toBeGreaterThan(20)
  expect(rows).toEqual(rows.map((_, index) => plainRecord(RECORDS - rows.length + index)))
  await watcherContext.close()
})
