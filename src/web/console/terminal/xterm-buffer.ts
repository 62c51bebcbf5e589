// xterm.js has no public way to put a row into its scrollback, or to tell typing from the terminal's own answers. These
// are the private parts that both take. The version is pinned, and `screen-history.test.ts` and `answers.test.ts` fail
// if an update changes them.

export interface Line {
  /** Ours, and kept by `row-map.ts`: the position of the byte with which the row begins */
  begins?: number
  isWrapped: boolean
  readonly length: number
  /** Three numbers for each cell. The first has the character, its width, and whether more are combined with it. */
  readonly _data: Uint32Array
  readonly _extendedAttrs: Record<number, { urlId: number } | undefined>
  getFg(column: number): number
  getBg(column: number): number
  /** Fills the cell with what is in this column. */
  loadCell(column: number, cell: object): void
  getWidth(column: number): number
  getString(column: number): string
  isCombined(column: number): number
  addCodepointToCell(column: number, code: number, width: number): void
  getTrimmedLength(): number
  translateToString(trimRight?: boolean, start?: number, end?: number): string
  clone(): Line
  copyFrom(line: Line): void
}

export interface Lines {
  readonly length: number
  readonly maxLength: number
  get(index: number): Line | undefined
  push(line: Line): void
  /** Each calls at once; indexes are those before what is trimmed. */
  onInsert(listener: (change: { index: number }) => void): void
  onDelete(listener: (change: { index: number }) => void): void
  onTrim(listener: (count: number) => void): void
  splice(start: number, deleteCount: number, ...items: Line[]): void
}

export interface Attributes {
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
  clear(): void
  /** Only if there are no rows. */
  fillViewportRows(attributes?: Attributes): void
  setupTabStops(): void
  clearMarkers(index: number): void
  readonly markers: { readonly length: number }
}

export interface BufferService {
  readonly cols: number
  readonly rows: number
  /** The reader has scrolled up. */
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
    /** Parses at once. It would return a promise if a handler of a sequence did: ours do not. */
    parse(text: string): void
    eraseInDisplay(params: NumberedParams, respectProtect: boolean): boolean
    setMode(params: NumberedParams): boolean
    resetMode(params: NumberedParams): boolean
    setModePrivate(params: NumberedParams): boolean
    resetModePrivate(params: NumberedParams): boolean
    repeatPrecedingCharacter(params: NumberedParams): boolean
    markRangeDirty(first: number, last: number): void
    /** All sequences that move the cursor to a place come here. Rows count from the screen's top, or the region's. */
    _setCursor(column: number, row: number): void
    restoreCursor(): boolean
    /** 0 if there is no character that could be repeated */
    readonly _parser: { readonly precedingJoinState: number }
    /** The colours of blank cells */
    _eraseAttrData(): Attributes
  }
  readonly coreService: {
    /** Calls right before `onData`, if a person typed the text or moved the mouse. */
    onUserInput(listener: () => void): void
    /** The cursor is drawn. Both renderers look at it, no answer tells of it, and each key sets it. */
    isCursorInitialized: boolean
    /** What the machine chose stands before the options. Replaced at each reset. */
    readonly decPrivateModes: {
      cursorStyle: CursorShape | undefined
      cursorBlink: boolean | undefined
    }
    reset(): void
  }
  /** A terminal without a screen has none. */
  readonly _renderService?: { refreshRows(first: number, last: number, redrawOnly: boolean): void }
  readonly _oscLinkService: {
    registerLink(link: unknown): number
    addLineToLink(link: number, index: number): void
    getLinkData(link: number): { uri: string } | undefined
  }
  readonly optionsService: {
    /** A change here is no event. */
    readonly rawOptions: { convertEol: boolean; cursorBlink: boolean }
  }
}

export type CursorShape = 'block' | 'underline' | 'bar'

interface NumberedParams {
  length: number
  params: number[]
}

/** The cursor's row. xterm.js moves the cursor into these bounds before it erases or scrolls. */
export function cursorRow(buffer: ScreenBuffer, rows: number, originMode: boolean): number {
  const first = originMode ? buffer.scrollTop : 0
  const last = originMode ? buffer.scrollBottom : rows - 1
  return Math.min(last, Math.max(first, buffer.y))
}

/** How many numbers of `_data` a cell has */
const CELL = 3
const CODE_POINT = 0x1fffff
const COMBINED = 0x200000
const WIDTH_SHIFT = 22

/** Joins the characters of a row. `translateToString` takes ten times as long, and screens are erased often. */
let characters = new Uint16Array(256)

/** @param trimmed without the blanks at its end */
export function textOf(line: Line, trimmed = true): string {
  const { _data, length } = line
  if (characters.length < length) characters = new Uint16Array(length)
  let end = 0
  for (let column = 0; column < length; column++) {
    const cell = _data[column * CELL] ?? 0
    const code = cell & CODE_POINT
    if (cell & COMBINED || code > 0xffff) {
      const text = line.translateToString()
      return trimmed ? text.trimEnd() : text
    }
    if (code !== 0) characters[end++] = code
    // The second half of a wide character has no width.
    else if (cell >> WIDTH_SHIFT) characters[end++] = 0x20
  }
  while (trimmed && end > 0 && characters[end - 1] === 0x20) end--
  return String.fromCharCode(...characters.subarray(0, end))
}

/** Whether the two rows show the same text. Rows with combined characters count as different. */
export function sameText(one: Line, other: Line): boolean {
  const [a, b] = [one._data, other._data]
  if (one.length !== other.length) return false
  for (let at = 0; at < one.length * CELL; at += CELL) {
    if (a[at] !== b[at] || (a[at] ?? 0) & COMBINED) return false
  }
  return true
}

/** The flag of a cell with a link or a special underline (`BgFlags.HAS_EXTENDED`) */
const HAS_EXTENDED = 0x10000000

/** @throws if this xterm.js is built in quite another way */
export function coreOf(terminal: object): Core {
  const core = '_core' in terminal ? terminal._core : undefined
  if (!isCore(core)) throw new Error('This version of xterm.js keeps its rows in another way.')
  return core
}

/** The version is pinned, so this is a last resort. A test looks at each part. */
const isCore = (core: unknown): core is Core =>
  typeof core === 'object' && core !== null && '_bufferService' in core && '_inputHandler' in core

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
