import { loadavg } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { startApp } from './app.ts'
import { openConsole } from './open-console.ts'
import { report } from './report.ts'
import { startTalkingGateway } from './talking-gateway.ts'
import { startUnwatched } from './unwatched.ts'

// Sends streams that cost a terminal as much as possible into the page. Each must come through at 50 KB/s or more, which is
// above the speed of any serial line, and must not keep the page's main thread for more than 100 ms at a time.

const bench = 'hostile'
const BYTES = 256 * 1024
/** Shows first whether the stream is so slow that nobody should wait for more of it. */
const TRIAL_BYTES = 16 * 1024
const PATIENCE_MS = 2000
const SLOWEST = 50_000
const LONGEST_TASK_MS = 100

report({ bench, metric: 'load average at the start', value: loadavg()[0] ?? 0, unit: 'processes' })
const gateway = await startTalkingGateway()
const app = await startApp({ transport: 'direct', gateway: gateway.host })
const browser = await startUnwatched()
const LONGEST_TASK = `
  var longestTask = 0
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longestTask = Math.max(longestTask, duration)
  }).observe({ type: 'longtask' })`

/** Streams at the size of the page's terminal. Larger counts never reach it. */
function streams(rows: number, cols: number): Record<string, string> {
  const csi = (count: number, final: string) => `\x1b[${count}${final}`
  const word = 'lorem ipsum '
  return {
    'scroll up': csi(rows, 'S'),
    'scroll down': csi(rows, 'T'),
    'insert lines': `\x1b[H${csi(rows, 'L')}`,
    'delete lines': `\x1b[H${csi(rows, 'M')}`,
    'text and scroll up': `${word}\r\n${csi(rows, 'S')}`,
    'text and delete lines': `\x1b[H${word}\x1b[M`,
    'insert characters': csi(cols, '@'),
    'delete characters': csi(cols, 'P'),
    'erase characters': csi(cols, 'X'),
    'repeat a character': `x${csi(cols, 'b')}`,
    'repeat a screen of characters': `x${csi(cols * rows, 'b')}`,
    tabs: csi(cols, 'I'),
    'tabs back': csi(cols, 'Z'),
    'erase all': '\x1b[2J',
    'text and erase all': `${word}\x1b[2J`,
    'text and erase below': `\x1b[H${word}\x1b[H\x1b[J`,
    'text and erase above': `${word}\x1b[1J`,
    'test pattern': '\x1b#8',
    'test pattern and erase all': '\x1b#8\x1b[2J',
    reset: '\x1bc',
    'text and reset': `${word}\x1bc`,
    'test pattern and reset': '\x1b#8\x1bc',
    'screen switches': '\x1b[?1049h\x1b[?1049l',
    'screen switches with text': `\x1b[?47h${word}\x1b[?47l${word}`,
    'reset from the alternate screen': '\x1b[?1049h\x1bc',
    'line feeds in a region': `\x1b[2;${rows}r${csi(rows, 'd')}${'\n'.repeat(200)}`,
    'text in a region': `\x1b[2;${rows}r${csi(rows, 'd')}${`${word}\r\n`.repeat(200)}`,
    'reverse index': `\x1b[r\x1b[H${word}\x1bM`,
    'shift columns': `\x1b[r${word}${csi(cols, ' @')}`,
    'insert columns': `\x1b[r\x1b[H${word}\x1b[H${csi(cols, "'}")}`,
    'soft reset': '\x1b[!p',
    'mouse modes': '\x1b[?1000h\x1b[?1003l',
    'blinking cursor': '\x1b[?12h\x1b[?12l',
    'cursor shapes': '\x1b[1 q\x1b[4 q',
    'new line modes': '\x1b[20h\x1b[20l',
    'synchronized output': `\x1b[?2026h${word}\x1b[?2026l`,
    links: '\x1b]8;;http://a\x07x\x1b]8;;\x07',
    'links with an id': `\x1b]8;id=a;http://a\x07x\r\n\x1b]8;;\x07`,
    titles: '\x1b]0;a\x07\x1b]2;b\x07',
    'colours of the palette': '\x1b]4;1;#123456\x07',
    'colour of the background': '\x1b]11;#123456\x07\x1b]111\x07',
    bells: '\x07',
    'combining characters': 'e\u0301\u0301\u0301\u0301',
    'one cell of combining characters': `e${'\u0301'.repeat(5000)}`,
    'wide characters': '漢字🟢',
    'colours, ten in a line': `${'\x1b[38;2;1;2;3mab\x1b[0m'.repeat(5)}\r\n`,
    'strings without an end': '\x1bPabc\r\n\x1b_abc\r\n\x1b]0;abc\r\n',
  }
}

const atLeast = (bytes: number, stream: string) =>
  Buffer.from(stream.repeat(Math.ceil(bytes / Buffer.byteLength(stream))))

const QUIET = Buffer.from('\x1bc\x1b[3J')
await browser.drive(async (page) => (await openConsole(page, app.origin)).click())
await browser.evaluate(LONGEST_TASK)
const { row: rows, column: cols } = await gateway.say(Buffer.from('\x1b[999;999H'))
report({ bench, metric: 'rows of the terminal', value: rows, unit: 'rows' })

const only = process.argv[2]
for (const [name, stream] of Object.entries(streams(rows, cols))) {
  if (only && !name.includes(only)) continue
  await gateway.say(QUIET)
  await delay(300)
  await browser.evaluate('longestTask = 0')
  const trial = atLeast(TRIAL_BYTES, stream)
  const tried = await gateway.say(trial)
  const text = tried.ms > PATIENCE_MS ? trial : atLeast(BYTES, stream)
  const { ms } = text === trial ? tried : await gateway.say(text)
  await delay(200)
  const longest = Number(await browser.evaluate('longestTask'))
  const speed = text.length / (ms / 1000)
  report({
    bench,
    metric: `${name}, throughput`,
    value: speed / 1000,
    unit: 'KB/s',
    target: SLOWEST / 1000,
    pass: speed >= SLOWEST,
  })
  report({
    bench,
    metric: `${name}, longest task of the main thread (0: none above 50 ms)`,
    value: longest,
    unit: 'ms',
    target: LONGEST_TASK_MS,
    pass: longest <= LONGEST_TASK_MS,
  })
}
await browser.close()
await app.close()
gateway.close()
