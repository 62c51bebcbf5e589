import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BootSign, BootSigns } from './boot-signs.ts'
import { Boots } from './boots.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)

/** @param pieces what the line says, each with its second */
function bootsOf(...pieces: [second: number, text: string][]) {
  const boots = new Boots()
  let time = 0
  let end = 0
  const texts: string[] = []
  const signs = new BootSigns(0, (sign) => boots.add(sign, timeAt(sign.at)))
  const times: { from: number; time: number }[] = []
  const timeAt = (at: number) => times.findLast(({ from }) => from <= at)?.time ?? 0
  for (const [second, text] of pieces) {
    time = second * 1000
    times.push({ from: end, time })
    texts.push(text)
    const bytes = bytesOf(text)
    end += bytes.length
    signs.push(bytes)
  }
  signs.skip(end)
  const whole = new TextDecoder('latin1').decode(bytesOf(texts.join('')))
  return boots.list.map(({ at, time: ms, ended }) => ({
    begins: whole
      .slice(at)
      .split('\n', 1)[0]
      ?.replace(/\x1b\[[\d;=]*[A-Za-z]/g, '')
      .trim(),
    second: ms / 1000,
    ended,
  }))
}

const seaBios =
  'SeaBIOS (version 1.16.2-debian-1.16.2-1)\r\n\r\n\r\niPXE (http://ipxe.org) 00:03.0 CA00 PCI2.10\r\n'
const ovmf =
  '\x1b[2J\x1b[01;01H\x1b[=3h\x1b[2J\x1b[01;01HBdsDxe: loading Boot0001 "UEFI QEMU" from PciRoot(0x0)\r\n' +
  'BdsDxe: starting Boot0001 "UEFI QEMU" from PciRoot(0x0)\r\n'
const vendor =
  '\x1b[2J\x1b[1;1HVersion 2.20.1276. Copyright (C) 2021 American Megatrends, Inc.\r\n' +
  'BIOS Date: 03/12/2021 Ver: 3.3\r\n\x1b[24;1HPress <DEL> or <F2> to enter setup, <F11> for boot menu\r\n'
const uBoot =
  'U-Boot SPL 2021.04 (Apr 05 2021)\r\nTrying to boot from MMC1\r\nU-Boot 2021.04 (Apr 05 2021)\r\n'
const grub =
  '\x1b[H\x1b[J\x1b[1;1H\x1b[1;23HGNU GRUB  version 2.06\x1b[3;1H+------+\x1b[5;2H*Debian GNU/Linux\r\n'
const version = 'Linux version 6.1.0-18-amd64 (debian-kernel@lists.debian.org) (gcc-12) #1 SMP'
const kernel = `[    0.000000] ${version}\r\n[    0.000000] Command line: BOOT_IMAGE=/vmlinuz ro console=ttyS0\r\n`
const later = '[    1.234567] Run /sbin/init as init process\r\ndb-01 login: '

describe('one boot', () => {
  it.each([
    ['SeaBIOS', seaBios, 'SeaBIOS (version 1.16.2-debian-1.16.2-1)'],
    ['UEFI', ovmf, 'BdsDxe: loading Boot0001 "UEFI QEMU" from PciRoot(0x0)'],
    ['a vendor’s', vendor, 'Version 2.20.1276. Copyright (C) 2021 American Megatrends, Inc.'],
    ['U-Boot', uBoot, 'U-Boot SPL 2021.04 (Apr 05 2021)'],
  ])('is firmware (%s), boot loader and kernel', (_, firmware, begins) => {
    expect(bootsOf([3, firmware], [60, grub], [65, kernel], [70, later])).toMatchObject([
      { begins, second: 3 },
    ])
  })

  it('may be a kernel alone', () => {
    expect(bootsOf([3, kernel], [5, later])).toMatchObject([{ begins: `[    0.000000] ${version}` }])
  })

  it.each([
    ['with its caller', `[    0.000000][    T0] ${version}\r\n`],
    ['on ARM', `[    0.000000] Booting Linux on physical CPU 0x0000000000 [0x413fd0c1]\r\n${kernel}`],
    ['without uptimes', `${version}\r\nCommand line: console=ttyS0\r\nBIOS-provided physical RAM map:\r\n`],
    ['twice, by two consoles', `${kernel}${'[    0.1] x\r\n'.repeat(300)}${kernel}`],
    ['FreeBSD', 'Copyright (c) 1992-2023 The FreeBSD Project.\r\n'],
  ])('a kernel %s', (_, text) => {
    expect(bootsOf([3, text])).toHaveLength(1)
  })

  it('ends as its kernel says', () => {
    const panic = '[    3.911204] Kernel panic - not syncing: VFS: Unable to mount root fs\r\n'
    const off = '[  99.000000] reboot: Power down\r\n'
    const restart = '[  99.000000] reboot: Restarting system\r\n'
    const boots = bootsOf(
      [1, kernel],
      [4, panic + restart],
      [5, kernel],
      [99, restart],
      [100, kernel],
      [199, off],
    )
    expect(boots.map(({ ended }) => ended)).toEqual(['panic', 'restart', 'power-off'])
  })
})

describe('another boot', () => {
  it.each<[string, string, string, number]>([
    ['firmware after a kernel', kernel, seaBios, 20],
    ['a boot loader after a kernel', kernel, grub, 20],
    ['a kernel after a kernel', kernel, kernel, 20],
    ['another kernel soon after', kernel, kernel.replace('6.1.0', '6.6.1'), 4],
    ['the first sign of the same firmware', seaBios, seaBios, 20],
    ['any sign after a long silence', vendor, vendor, 3000],
  ])('%s', (_, first, second, after) => {
    expect(bootsOf([0, first], [after, second])).toHaveLength(2)
  })

  it('a kernel that is started by kexec within seconds', () => {
    const kexec = '[    4.000000] kexec_core: Starting new kernel\r\n'
    expect(bootsOf([0, kernel + kexec], [1, kernel])).toHaveLength(2)
  })
})

it('begins behind the prompt at which the machine was reset', () => {
  const text = 'db-01 login: \x1b[2J\x1b[HUEFI Firmware 3.42\r\n'
  expect(bootsOf([0, kernel], [60, text])).toMatchObject([{}, { begins: 'UEFI Firmware 3.42', second: 60 }])
})

describe('no boot', () => {
  it.each([
    ['dmesg at a prompt', `root@db-01:~# dmesg\r\n${kernel}${later}`],
    ['dmesg of busybox', `/ # \x1b[6ndmesg | head\r\n${kernel}`],
    ['dmesg in a bracket', `[root@db-01 ~]# dmesg\r\n${kernel}`],
    ['with bracketed paste', `\x1b[?2004hada@db:~$ sudo dmesg\r\n\x1b[?2004l\r${kernel}`],
    ['a console’s log that is printed', `# cat console.log\r\n${seaBios}${grub}${kernel}${later}`],
    ['a log file', `Nov 26 18:32:37 db-01 kernel: ${kernel}`],
    ['the journal', `Nov 26 18:32:37 db-01 kernel: ${version}\r\n`],
    ['/proc/version', `${version}\r\nroot@db-01:~# `],
    ['words within a row', 'Read about Linux version 6.1 and GNU GRUB  version 2.06, or Press F2\r\n'],
    ['the menu of GRUB', ' |UEFI Firmware Settings      |\r\n'],
  ])('%s', (_, text) => {
    expect(bootsOf([0, `\r\n${text}`])).toEqual([])
  })

  it.each([
    ['after a command that restarts', `root@db-01:~# reboot -f\r\n${kernel}`],
    ['after a boot loader’s prompt', `grub> boot\r\n${kernel}`],
    ['after a percentage', `Loading initrd: 100% done\r\n${kernel}`],
    ['after a printed log and a prompt', `# dmesg\r\n${kernel}# \r\n${seaBios}`],
  ])('but a real one %s', (_, text) => {
    expect(bootsOf([0, `\r\n${text}`])).toHaveLength(1)
  })

  it('but a real one a minute after a log was printed', () => {
    expect(bootsOf([0, `# cat console.log\r\n${kernel}`], [90, seaBios])).toMatchObject([{ second: 90 }])
  })
})

describe('in whatever pieces the bytes come', () => {
  const parts = [
    seaBios,
    ovmf,
    vendor,
    uBoot,
    grub,
    kernel,
    later,
    '# dmesg\r\n',
    '# \r\n',
    'x'.repeat(2040),
    `${version}\r\n`,
    'ü\r\n',
    '\r\n\r\n',
    '[    3.9] Kernel panic - not syncing: x\r\n',
  ]
  const signsOf = (pieces: readonly Uint8Array[]) => {
    const found: BootSign[] = []
    const signs = new BootSigns(0, (sign) => found.push(sign))
    let end = 0
    for (const piece of pieces) {
      signs.push(piece)
      end += piece.length
    }
    signs.skip(end)
    return found
  }
  it('the signs are the same', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...parts), { maxLength: 12 }),
        fc.array(fc.nat(4000), { maxLength: 40 }),
        (texts, sizes) => {
          const bytes = bytesOf(texts.join(''))
          const pieces: Uint8Array[] = []
          let from = 0
          for (const size of sizes) {
            pieces.push(bytes.subarray(from, from + size))
            from = Math.min(from + size, bytes.length)
          }
          pieces.push(bytes.subarray(from))
          expect(signsOf(pieces)).toEqual(signsOf([bytes]))
        },
      ),
      { numRuns: 300 },
    )
  })
})

it('remembers the newest boots only', () => {
  const pieces = Array.from({ length: 150 }, (_, index): [number, string] => [index * 100, kernel])
  const boots = bootsOf(...pieces)
  expect(boots).toHaveLength(100)
  expect(boots.at(-1)?.second).toBe(14_900)
})
