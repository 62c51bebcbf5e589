import { random } from './faults/random.ts'

/**
 * A kernel log that is the same in every run, with lines of different lengths, some colour, and the CRLF of a serial
 * line.
 * @param bytes the least size, also in characters: the text is ASCII
 * @param seed another one makes another log
 */
export function kernelLog(bytes: number, seed = 20261124): string {
  const next = random(seed)
  const pick = <T>(from: readonly [T, ...T[]]): T => from[Math.floor(next() * from.length)] ?? from[0]
  const hex = (digits: number) =>
    Math.floor(next() * 16 ** digits)
      .toString(16)
      .padStart(digits, '0')
  const lines: string[] = []
  let length = 0
  let seconds = 0
  while (length < bytes) {
    seconds += next() / 50
    const stamp = `[${seconds.toFixed(6).padStart(12)}]`
    const line = pick([
      () => `${stamp} pci 0000:${hex(2)}:00.0: [${hex(4)}:${hex(4)}] type 00 class 0x0${hex(5)}`,
      () =>
        `${stamp} pci 0000:${hex(2)}:00.0: BAR ${Math.floor(next() * 6)}: assigned [mem 0x${hex(8)}-0x${hex(8)} 64bit pref]`,
      () =>
        `${stamp} BIOS-e820: [mem 0x${hex(16)}-0x${hex(16)}] ${pick(['usable', 'reserved', 'ACPI data'])}`,
      () =>
        `${stamp} systemd[1]: Started ${pick(['Journal Service', 'Network Configuration', 'OpenSSH server daemon'])}.`,
      () =>
        `[\x1b[0;32m  OK  \x1b[0m] Started \x1b[0;1;39m${pick(['Journal Service', 'D-Bus System Message Bus'])}\x1b[0m.`,
      () =>
        `${stamp} nvme nvme${Math.floor(next() * 8)}: ${Math.floor(next() * 64)}/0/0 default/read/poll queues`,
      () =>
        `${stamp} audit: type=1400 audit(17955${hex(5)}.${hex(3)}:${hex(3)}): apparmor="STATUS" operation="profile_load" name="/usr/sbin/${hex(6)}" pid=${Math.floor(next() * 30_000)} comm="apparmor_parser"`,
    ])()
    lines.push(line)
    length += line.length + 2
  }
  return `${lines.join('\r\n')}\r\n`
}

/** The same log as a program shows it that colours all it can: ten sequences in each line. */
export function colourfulLog(bytes: number): string {
  const lines: string[] = []
  let length = 0
  for (const line of kernelLog(bytes / 2).split('\r\n')) {
    if (length >= bytes) break
    const words = line.replace(/\x1b\[[\d;]*m/g, '').split(' ')
    const part = (index: number) => words.slice(index, index < 4 ? index + 1 : undefined).join(' ')
    const coloured = [1, 2, 32, 33, 36]
      .map((colour, index) => `\x1b[${colour}m${part(index)}\x1b[0m`)
      .join(' ')
    lines.push(coloured)
    length += coloured.length + 2
  }
  return `${lines.join('\r\n')}\r\n`
}
