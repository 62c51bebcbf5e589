/** What part of a boot says it: each comes after the one before. */
export type BootStage = 'firmware' | 'loader' | 'kernel'

/** How a boot ended, as its kernel says it. */
export type BootEnding = 'panic' | 'restart' | 'power-off'

/** A row that tells of a boot. `printed`: a person at a shell had it printed, or so it looks. */
export type BootSign = {
  /** Where its row begins, or its text where others are before it in the row */
  at: number
  /** The row's text, to know it again */
  text: string
  printed: boolean
} & (
  | { kind: 'begin'; stage: BootStage /** Nothing of the same boot comes before it. */; first: boolean }
  | { kind: 'end'; ending: BootEnding }
)

/** A longer row counts as several. */
const MAX_ROW = 2048
/** A printed log is not longer than this, and begins this soon after the prompt. */
const MAX_PRINTED = 256 * 1024
/** What a sign says depends on so many bytes before it: the log that it is printed with, and that log's prompt. */
export const SIGN_CONTEXT = 2 * MAX_PRINTED + 2 * MAX_ROW

/** One search over the text finds every row worth a look. It has no anchors, since those make it slow. */
const HINT =
  /Linux version |Command line: |Booting Linux on |FreeBSD Project|GNU GRUB|Welcome to GRUB|GRUB loading|SYSLINUX |ISOLINUX |PXELINUX |Xen version |SeaBIOS \(|U-Boot |UEFI Firmware \d|coreboot-|American Megatrends|BL[12]: |BdsDxe: |iPXE|Start PXE|Press |Booting from |Kernel panic - |reboot: |Starting new kernel|sysrq: Resetting/g

/** A kernel writes its uptime before each row, and may add the caller. */
const UPTIME = /^\[ *\d+\.\d{6}\](?:\[ *[TC]\d+\])? /
const BEGINS = /^\[ *0\.000000\](?:\[ *[TC]\d+\])? (?:Linux version |Booting Linux on )/

const rows: readonly [RegExp, stage: BootStage, first: boolean][] = [
  [/^SeaBIOS \(version /, 'firmware', true],
  [/^U-Boot SPL /, 'firmware', true],
  [/^UEFI Firmware \d/, 'firmware', true],
  [/^coreboot-\S+ /, 'firmware', true],
  [/^NOTICE: +BL1: /, 'firmware', true],
  [/^NOTICE: +BL2: /, 'firmware', false],
  [/^U-Boot \d{4}\.\d\d/, 'firmware', false],
  [/^.{0,60}American Megatrends/, 'firmware', false],
  [/^BdsDxe: /, 'firmware', false],
  [/^iPXE (?:\d|initiali|\()/, 'firmware', false],
  [/^>>Start PXE over /, 'firmware', false],
  [/^Press (?:the )?[<["']?(?:F\d{1,2}|DEL|Del|Delete|ESC|Esc)\b/, 'firmware', false],
  [/^Booting from (?:Hard Disk|DVD\/CD|ROM|Floppy|UEFI)/, 'firmware', false],
  [/^(?:GNU GRUB +version|Welcome to GRUB!|GRUB loading)/, 'loader', false],
  [/^(?:SYSLINUX|ISOLINUX|PXELINUX) \d/, 'loader', false],
  [/^\(XEN\) Xen version /, 'loader', false],
  [/^Copyright \(c\) .*The FreeBSD Project/, 'kernel', false],
]

const endings: readonly [RegExp, BootEnding][] = [
  [/^Kernel panic - not syncing/, 'panic'],
  [/^reboot: (?:Restarting system|machine restart)/, 'restart'],
  [/^(?:kexec_core|kexec): Starting new kernel/, 'restart'],
  [/^sysrq: Resetting/, 'restart'],
  [/^reboot: (?:Power down|System halted)/, 'power-off'],
]

/** Colours and the like. */
const SEQUENCE = /\x1b(?:\[[0-?]*[ -/]*[@-~]|[()][ -~]|[ -/]*[0-~])/g
/** The text goes on elsewhere. */
const ELSEWHERE = /[\r\n]|\x1b\[[0-?]*[HfJAB]|\x1bc/g

/** A shell's prompt, and the command behind it. A percentage is none. */
const PROMPT = /^\S{0,80}(?: \S{1,80}){0,2}? ?(?:[#$]|(?<!\d)%)(?: +(.*))?$/
/** After these a kernel's first row is its own. */
const RESTARTS = /\b(?:reboot|kexec|shutdown|poweroff|halt|init|telinit|sysrq-trigger|bootm|exec)\b/

/**
 * Finds the rows by which firmware, boot loaders and kernels begin, in what a serial line says. It gives the same signs
 * in whatever pieces the bytes come.
 *
 * A log that a person prints looks the same, row by row. So what comes right after a shell's prompt with a command
 * counts as `printed`, and so do the signs after it, until the next prompt. A command that restarts the machine is the
 * exception. `/var/log` has a date before each row, and is no sign at all. What a program prints without a person at a
 * prompt that can be known, cannot be told from a boot.
 */
export class BootSigns {
  readonly #found: (sign: BootSign) => void
  /** One character for each byte. What the signs say is ASCII. */
  readonly #decoder = new TextDecoder('latin1')
  /** The row that has not ended */
  #open = ''
  #at: number
  /** The last row that is not blank, and where it began */
  #before = { text: '', at: 0 }
  /** The row before is a "Linux version" without an uptime: only what follows tells whether a kernel said it. */
  #version: { at: number; text: string; printed: boolean } | null = null
  /** Where a printed log began; null: none is being printed. */
  #printedFrom: number | null = null

  /** @param at the offset of the first byte */
  constructor(at: number, found: (sign: BootSign) => void) {
    this.#at = at
    this.#found = found
  }

  /** All signs before this place were told. */
  get told(): number {
    return this.#version?.at ?? this.#at
  }

  push(bytes: Uint8Array): void {
    const text = this.#open + this.#decoder.decode(bytes)
    const ended = text.lastIndexOf('\n') + 1
    let done = ended
    this.#rows(text.slice(0, ended))
    for (; text.length - done >= MAX_ROW; done += MAX_ROW) this.#rows(text.slice(done, done + MAX_ROW))
    this.#open = text.slice(done)
  }

  /** Bytes are missing. What comes next is at `at`. */
  skip(at: number): void {
    this.#rows(this.#open)
    this.#open = ''
    this.#at = at
    this.#version = null
  }

  /** Reads rows that have ended. */
  #rows(text: string): void {
    let read = 0
    HINT.lastIndex = 0
    while (read < text.length) {
      // A row right after a version, and all of a printed log, are read row by row.
      const careful = this.#version !== null || this.#printedFrom !== null
      if (!careful) {
        HINT.lastIndex = read
        const hint = HINT.exec(text)
        if (!hint) break
        read = this.#skipTo(text, read, hint.index)
      }
      const end = endOfRow(text, read)
      this.#row(text.slice(read, end), this.#at + read)
      read = end
    }
    if (read < text.length) this.#skipTo(text, read, text.length)
    this.#at += text.length
  }

  /** Passes over rows without a hint. @returns where the row with `index` begins */
  #skipTo(text: string, read: number, index: number): number {
    let row = Math.max(read, text.lastIndexOf('\n', index - 1) + 1)
    row += Math.floor((index - row) / MAX_ROW) * MAX_ROW
    // The last row before it that is not blank
    for (let end = row; end > read; ) {
      let begin = Math.max(read, text.lastIndexOf('\n', end - 2) + 1)
      begin += Math.floor((end - 1 - begin) / MAX_ROW) * MAX_ROW
      const last = textsOf(text.slice(begin, end)).at(-1)?.text
      if (last !== undefined) {
        this.#before = { text: last, at: this.#at + begin }
        break
      }
      end = begin
    }
    return row
  }

  #row(row: string, at: number): void {
    const texts = textsOf(row)
    const text = texts.at(-1)?.text
    if (text === undefined) return
    const before = this.#before
    const version = this.#version
    this.#before = { text, at }
    this.#version = null
    const prompt = PROMPT.exec(text)
    if (this.#printedFrom !== null && (prompt || at - this.#printedFrom > MAX_PRINTED))
      this.#printedFrom = null
    const isNear = at - before.at <= MAX_PRINTED
    const printed = this.#printedFrom !== null || (isNear && isPrinting(before.text))
    if (/^Linux version \d/.test(text)) this.#version = { at, text, printed }
    else if (version && /^(?:Kernel c|C)ommand line: /.test(text))
      this.#tell({ kind: 'begin', stage: 'kernel', first: false, ...version })
    else {
      for (const [index, each] of texts.entries()) {
        const what = meaningOf(each.text)
        // A machine that is reset goes on in the row of a prompt, and what is before its own text is not its.
        if (what) this.#tell({ ...what, at: index === 0 ? at : at + each.from, text: each.text, printed })
      }
    }
  }

  #tell(sign: BootSign): void {
    if (sign.printed) this.#printedFrom ??= sign.at
    this.#found(sign)
  }
}

function isPrinting(before: string): boolean {
  const command = PROMPT.exec(before)?.[1]
  return command !== undefined && command !== '' && !RESTARTS.test(command)
}

function endOfRow(text: string, from: number): number {
  const feed = text.indexOf('\n', from)
  return Math.min(feed < 0 ? text.length : feed + 1, from + MAX_ROW)
}

/** The texts of a row without blanks around them: a firmware puts several into one, by moving the cursor. */
function textsOf(row: string): { text: string; from: number }[] {
  const texts: { text: string; from: number }[] = []
  let from = 0
  const add = (to: number) => {
    const text = row.slice(from, to).replace(SEQUENCE, '').trim()
    if (text !== '') texts.push({ text, from })
  }
  for (const { index, 0: move } of row.matchAll(ELSEWHERE)) {
    add(index)
    from = index + move.length
  }
  add(row.length)
  return texts
}

function meaningOf(text: string) {
  if (BEGINS.test(text)) return { kind: 'begin', stage: 'kernel', first: false } as const
  const begin = rows.find(([pattern]) => pattern.test(text))
  if (begin) return { kind: 'begin', stage: begin[1], first: begin[2] } as const
  const said = text.replace(UPTIME, '')
  const end = endings.find(([pattern]) => pattern.test(said))
  return end && ({ kind: 'end', ending: end[1] } as const)
}
