// xterm.js has no public way to put a row into its scrollback. These are the private parts that it takes. The version is
// pinned, and `screen-history.test.ts` fails if an update changes them.

export interface Line {
  isWrapped: boolean
  readonly length: number
  readonly _extendedAttrs: Record<number, { urlId: number } | undefined>
  getBg(column: number): number
  getTrimmedLength(): number
  translateToString(trimRight?: boolean, start?: number, end?: number): string
  clone(): Line
  copyFrom(line: Line): void
}

interface Lines {
  readonly length: number
  readonly maxLength: number
  get(index: number): Line | undefined
  splice(start: number, deleteCount: number, ...items: Line[]): void
}

interface Attributes {
  fg: number
  bg: number
}

/** One of the two screens. Only the normal one has a scrollback. */
export interface ScreenBuffer {
  readonly lines: Lines
  x: number
  y: number
  /** The index of the screen's first row */
  ybase: number
  /** The index of the first row that is shown */
  ydisp: number
  scrollTop: number
  scrollBottom: number
  savedX: number
  /** An index, too: the saved row is `savedY - ybase`. */
  savedY: number
  savedCurAttrData: Attributes
  savedCharset: unknown
  getBlankLine(attributes: Attributes): Line
  setupTabStops(): void
  clearMarkers(index: number): void
}

export interface BufferService {
  readonly cols: number
  readonly rows: number
  /** Somebody reads further up. */
  readonly isUserScrolling: boolean
  readonly buffers: {
    readonly active: ScreenBuffer
    readonly normal: ScreenBuffer
    readonly alt: ScreenBuffer
    activateNormalBuffer(): void
  }
  readonly _onScroll: { fire(row: number): void }
  scroll(attributes: Attributes, wrapped?: boolean): void
  resize(cols: number, rows: number): void
  reset(): void
}

export interface Core {
  readonly _bufferService: BufferService
  readonly _inputHandler: {
    eraseInDisplay(params: { params: number[] }, respectProtect: boolean): boolean
  }
  readonly _oscLinkService: {
    addLineToLink(link: number, index: number): void
    getLinkData(link: number): { uri: string } | undefined
  }
}

/** The flag of a cell with a link or a special underline (`BgFlags.HAS_EXTENDED`) */
const HAS_EXTENDED = 0x10000000

/** @throws if this xterm.js is built in another way */
export function coreOf(terminal: object): Core {
  const core = '_core' in terminal ? terminal._core : undefined
  if (!isCore(core)) throw new Error('This version of xterm.js keeps its rows in another way.')
  return core
}

function isCore(core: unknown): core is Core {
  const service = field(core, '_bufferService')
  const buffers = field(service, 'buffers')
  const normal = field(buffers, 'normal')
  const lines = field(normal, 'lines')
  return (
    hasNumbers(service, ['cols', 'rows']) &&
    hasFunctions(service, ['scroll', 'resize', 'reset']) &&
    typeof field(service, 'isUserScrolling') === 'boolean' &&
    hasFunctions(field(service, '_onScroll'), ['fire']) &&
    hasFunctions(buffers, ['activateNormalBuffer']) &&
    field(buffers, 'active') === normal &&
    [normal, field(buffers, 'alt')].every(isBuffer) &&
    hasFunctions(lines, ['get', 'splice']) &&
    hasNumbers(lines, ['length', 'maxLength']) &&
    hasFunctions(field(core, '_inputHandler'), ['eraseInDisplay']) &&
    hasFunctions(field(core, '_oscLinkService'), ['addLineToLink', 'getLinkData'])
  )
}

function isBuffer(buffer: unknown): boolean {
  return (
    hasNumbers(buffer, ['x', 'y', 'ybase', 'ydisp', 'scrollTop', 'scrollBottom', 'savedX', 'savedY']) &&
    hasNumbers(field(buffer, 'savedCurAttrData'), ['fg', 'bg']) &&
    hasFunctions(buffer, ['getBlankLine', 'setupTabStops', 'clearMarkers'])
  )
}

const field = (from: unknown, name: string): unknown =>
  typeof from === 'object' && from !== null ? Reflect.get(from, name) : undefined
const hasNumbers = (from: unknown, names: readonly string[]) =>
  names.every((name) => typeof field(from, name) === 'number')
const hasFunctions = (from: unknown, names: readonly string[]) =>
  names.every((name) => typeof field(from, name) === 'function')

/** @returns the links (OSC 8) in this line */
export function linksIn(line: Line): Set<number> {
  const links = new Set<number>()
  for (let column = 0; column < line.length; column++) {
    if (!(line.getBg(column) & HAS_EXTENDED)) continue
    const link = line._extendedAttrs[column]?.urlId ?? 0
    if (link > 0) links.add(link)
  }
  return links
}
