/** One step of a boot: the text, and the time before it in ms at speed 1. */
export interface BootStep {
  wait: number
  text: string
}

export interface BootedAs {
  hostname: string
  kernel: string
  image: string
}

const line = (wait: number, text: string): BootStep => ({ wait, text: `${text}\r\n` })

export function firmware(): BootStep[] {
  return [
    { wait: 50, text: '\x1b[2J\x1b[H' },
    line(100, '\x1b[1mUEFI Firmware 3.42\x1b[0m  (C) Sandbox Systems'),
    line(60, 'Board: SX-2288  BMC: 7.09  Serial: 2102311TYB'),
    line(120, 'Memory: 131072 MB DDR4-2933 ECC ........ \x1b[32mOK\x1b[0m'),
    line(120, 'CPU0: 16 cores @ 2.60 GHz ............... \x1b[32mOK\x1b[0m'),
    line(120, 'NVMe0: 1.8 TB, NIC0: 25GbE link up ...... \x1b[32mOK\x1b[0m'),
    line(200, 'Booting from UEFI: debian (NVMe0)'),
  ]
}

export function grubMenu(image: string, selected: number, seconds: number): string {
  const entries = [image, `Advanced options for ${image}`, 'UEFI Firmware Settings']
  const rows = entries.map((entry, index) => {
    const text = ` ${index === selected ? '*' : ' '}${entry}`.padEnd(66)
    return ` |${index === selected ? `\x1b[7m${text}\x1b[0m` : text}|`
  })
  return [
    '\x1b[2J\x1b[H',
    '                     GNU GRUB  version 2.06',
    '',
    ` +${'-'.repeat(66)}+`,
    ...rows,
    ` +${'-'.repeat(66)}+`,
    '',
    '   Use the up and down keys to select, Enter to boot.',
    seconds >= 0 ? `   The highlighted entry is executed automatically in ${seconds}s.` : '',
    '',
  ].join('\r\n')
}

/** Kernel messages with rising timestamps. They are made up, but plausible. */
export function kernelLog({ kernel }: BootedAs): string[] {
  const messages = [
    `Linux version ${kernel} (build@sandbox) (gcc 12.2.0) #1 SMP PREEMPT_DYNAMIC`,
    `Command line: BOOT_IMAGE=/boot/vmlinuz-${kernel} root=/dev/nvme0n1p2 ro console=tty0 console=ttyS0,115200n8`,
    'BIOS-provided physical RAM map:',
    'BIOS-e820: [mem 0x0000000000000000-0x000000000009ffff] usable',
    'BIOS-e820: [mem 0x0000000000100000-0x000000006da0ffff] usable',
    'BIOS-e820: [mem 0x0000000100000000-0x000000207fffffff] usable',
    'NX (Execute Disable) protection: active',
    'DMI: Sandbox Systems SX-2288/BC11SPSC, BIOS 3.42 04/01/2025',
    'tsc: Detected 2600.000 MHz processor',
    'Zone ranges:',
    '  Normal   [mem 0x0000000100000000-0x000000207fffffff]',
    'smpboot: Allowing 16 CPUs, 0 hotplug CPUs',
    'Console: colour dummy device 80x25',
    'printk: console [ttyS0] enabled',
    'smp: Bringing up secondary CPUs ...',
    'smp: Brought up 1 node, 16 CPUs',
    'devtmpfs: initialized',
    'PCI: Using configuration type 1 for base access',
    'pci 0000:00:00.0: [8086:2020] type 00 class 0x060000',
    'NET: Registered PF_INET protocol family',
    'TCP established hash table entries: 524288 (order: 10)',
    'Serial: 8250/16550 driver, 4 ports, IRQ sharing enabled',
    '00:03: ttyS0 at I/O 0x3f8 (irq = 4, base_baud = 115200) is a 16550A',
    'nvme nvme0: pci function 0000:5e:00.0',
    'nvme nvme0: 16/0/0 default/read/poll queues',
    ' nvme0n1: p1 p2 p3',
    'i40e 0000:3d:00.0: fw 8.3.64775 api 1.14',
    'i40e 0000:3d:00.0 eth0: NIC Link is Up, 25 Gbps Full Duplex',
    'EXT4-fs (nvme0n1p2): mounted filesystem with ordered data mode. Quota mode: none.',
    'Run /sbin/init as init process',
  ]
  return messages.map(
    (message, index) => `[${(index * index * 0.0043 + index * 0.011).toFixed(6).padStart(12)}] ${message}`,
  )
}

export function kernelBoot(machine: BootedAs): BootStep[] {
  return kernelLog(machine).map((text) => line(45, text))
}

export function userland({ hostname, image }: BootedAs): BootStep[] {
  const units = [
    'Journal Service',
    'Load Kernel Modules',
    'Create System Users',
    'Network Configuration',
    'D-Bus System Message Bus',
    'OpenSSH server daemon',
    'Serial Getty on ttyS0',
  ]
  return [
    line(60, `\r\nWelcome to \x1b[1;34m${image}\x1b[0m!\r\n`),
    ...units.map((unit) => line(70, `[  \x1b[0;32mOK\x1b[0m  ] Started \x1b[0;1;39m${unit}\x1b[0m.`)),
    line(
      100,
      `\r\n${image} ${hostname} ttyS0\r\n\r\nThis is a sandbox machine: sign in as root with the password sandbox.\r\n`,
    ),
  ]
}

export function panic(): BootStep[] {
  return [
    line(
      300,
      '[    3.911204] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)',
    ),
    line(20, '[    3.911377] CPU: 3 PID: 1 Comm: swapper/0 Not tainted'),
    line(20, '[    3.911512] Call Trace:'),
    line(20, '[    3.911590]  <TASK>'),
    line(20, '[    3.911655]  dump_stack_lvl+0x5c/0x80'),
    line(20, '[    3.911741]  panic+0x118/0x2f0'),
    line(20, '[    3.911820]  mount_block_root+0x1d3/0x1e6'),
    line(20, '[    3.911911]  kernel_init+0x16/0x130'),
    line(20, '[    3.911984]  </TASK>'),
    line(20, '[    3.912066] Rebooting in 10 seconds..'),
    { wait: 10_000, text: '' },
  ]
}

/** What a kernel with `unknown_nmi_panic` prints at an NMI. Its time has nothing to do with that of the boot. */
export function nmiPanic(): BootStep[] {
  return [
    line(50, '[ 1184.220417] NMI: Unknown NMI on CPU 0, reason 2c'),
    line(20, '[ 1184.220655] Kernel panic - not syncing: NMI: Not continuing'),
    line(20, '[ 1184.220871] CPU: 0 PID: 0 Comm: swapper/0 Not tainted'),
    line(20, '[ 1184.221034] Rebooting in 10 seconds..'),
    { wait: 10_000, text: '' },
  ]
}
