import { type BootedAs, kernelLog } from './boot-log.ts'

/** What the kernel believes of the terminal. A serial line tells it nothing. */
export interface TtySize {
  rows: number
  columns: number
}

/** What a command can do to the machine */
export interface ShellHost extends BootedAs {
  print(text: string): void
  reboot(): void
  powerOff(): void
  logout(): void
  /** Prints `next()` again and again until it returns null, or until Ctrl+C. */
  stream(next: () => string | null, everyMs: number): void
  size: TtySize
  /** Asks the terminal for its size, as `resize` does, and takes it. */
  probeSize(): void
  uptimeSeconds(): number
  now(): Date
}

type Command = (args: string[], host: ShellHost) => void

const flood = (host: ShellHost, line: (index: number) => string | null) => {
  let index = 0
  host.stream(() => {
    const lines: string[] = []
    for (let count = 0; count < 200; count++) {
      const text = line(index++)
      if (text === null) return lines.length > 0 ? lines.join('') : null
      lines.push(`${text}\r\n`)
    }
    return lines.join('')
  }, 1)
}

const say =
  (text: string): Command =>
  (_, host) =>
    host.print(`${text}\r\n`)

/** `size`, `-a`, or settings, of which it takes `rows N` and `cols N`. */
const stty: Command = (args, host) => {
  const { rows, columns } = host.size
  if (args[0] === 'size') return host.print(`${rows} ${columns}\r\n`)
  if (args.length === 0 || args[0] === '-a') {
    const size = args.length === 0 ? '' : ` rows ${rows}; columns ${columns};`
    return host.print(`speed 115200 baud;${size} line = 0;\r\n`)
  }
  const size = { ...host.size }
  for (let at = 0; at < args.length; at += 2) {
    const [setting = '', value] = args.slice(at, at + 2)
    if (setting === 'rows') size.rows = Number(value)
    else if (setting === 'cols' || setting === 'columns') size.columns = Number(value)
    else return host.print(`stty: invalid argument '${setting}'\r\n`)
  }
  host.size = size
}

const commands: Readonly<Record<string, { help: string; run: Command }>> = {
  help: {
    help: 'this list',
    run: (_, host) => {
      for (const [name, { help }] of Object.entries(commands)) host.print(`  ${name.padEnd(10)} ${help}\r\n`)
    },
  },
  uname: {
    help: 'the kernel (-a for all)',
    run: (args, host) =>
      host.print(
        args.includes('-a')
          ? `Linux ${host.hostname} ${host.kernel} #1 SMP PREEMPT_DYNAMIC x86_64 GNU/Linux\r\n`
          : 'Linux\r\n',
      ),
  },
  hostname: { help: 'the name of the machine', run: (_, host) => host.print(`${host.hostname}\r\n`) },
  whoami: { help: 'who you are', run: say('root') },
  id: { help: 'your ids', run: say('uid=0(root) gid=0(root) groups=0(root)') },
  date: { help: 'the time', run: (_, host) => host.print(`${host.now().toUTCString()}\r\n`) },
  uptime: {
    help: 'time since boot',
    run: (_, host) =>
      host.print(` up ${Math.floor(host.uptimeSeconds())} s, 1 user, load average: 0.03, 0.01, 0.00\r\n`),
  },
  ls: {
    help: 'files',
    run: say('bin   boot  dev   etc   home  lib   proc  root  run   sbin  srv   sys   tmp   usr   var'),
  },
  cat: {
    help: 'a file: /etc/os-release, /etc/hostname, /proc/cmdline',
    run: ([file], host) => {
      const files: Record<string, string> = {
        '/etc/os-release': `PRETTY_NAME="${host.image}"`,
        '/etc/hostname': host.hostname,
        '/proc/cmdline': 'root=/dev/nvme0n1p2 ro console=tty0 console=ttyS0,115200n8',
      }
      const content = file === undefined ? undefined : files[file]
      host.print(
        content === undefined ? `cat: ${file ?? ''}: No such file or directory\r\n` : `${content}\r\n`,
      )
    },
  },
  echo: { help: 'its words', run: (args, host) => host.print(`${args.join(' ')}\r\n`) },
  dmesg: { help: 'the kernel log', run: (_, host) => host.print(`${kernelLog(host).join('\r\n')}\r\n`) },
  ps: {
    help: 'processes',
    run: say(
      '  PID TTY          TIME CMD\r\n    1 ?        00:00:02 systemd\r\n  412 ttyS0    00:00:00 login\r\n  431 ttyS0    00:00:00 bash',
    ),
  },
  free: {
    help: 'memory',
    run: say(
      '               total        used        free\r\nMem:       131891204     2143008   129748196\r\nSwap:              0           0           0',
    ),
  },
  df: {
    help: 'disks',
    run: say(
      'Filesystem      1K-blocks     Used  Available Use% Mounted on\r\n/dev/nvme0n1p2 1843200000 21048576 1822151424   2% /',
    ),
  },
  ip: {
    help: 'addresses',
    run: say(
      '1: lo: <LOOPBACK,UP> inet 127.0.0.1/8\r\n2: eth0: <BROADCAST,MULTICAST,UP> mtu 9000 state DOWN',
    ),
  },
  ping: {
    help: 'an address, until Ctrl+C',
    run: ([address = '192.0.2.1'], host) => {
      let sequence = 0
      host.stream(
        () => `From ${host.hostname} icmp_seq=${++sequence} Destination Host Unreachable (${address})\r\n`,
        500,
      )
    },
  },
  yes: { help: 'a flood, until Ctrl+C', run: (args, host) => flood(host, () => args.join(' ') || 'y') },
  seq: {
    help: 'numbers from 1 to N',
    run: ([last = '10'], host) => flood(host, (index) => (index < Number(last) ? String(index + 1) : null)),
  },
  unicode: {
    help: 'characters of the world',
    run: say('žluťoučký kůň · 日本語 · 한국어 · العربية · 👩‍🚀🚀 · ┌─┬─┐│ │└─┴─┘ · e\u0301'),
  },
  colors: {
    help: 'the 16 colours',
    run: (_, host) =>
      host.print(
        `${Array.from({ length: 16 }, (_value, index) => `\x1b[48;5;${index}m  \x1b[0m`).join('')}\r\n`,
      ),
  },
  stty: { help: 'the terminal: size, -a, rows N cols N', run: stty },
  resize: { help: 'ask the terminal for its size', run: (_, host) => host.probeSize() },
  clear: { help: 'an empty screen', run: (_, host) => host.print('\x1b[2J\x1b[H') },
  reboot: { help: 'boot again', run: (_, host) => host.reboot() },
  poweroff: { help: 'power off', run: (_, host) => host.powerOff() },
  exit: { help: 'log out', run: (_, host) => host.logout() },
  logout: { help: 'log out', run: (_, host) => host.logout() },
}

/** Runs the command, or says that there is none of that name. */
export function runCommand(line: string, host: ShellHost): void {
  const [name, ...args] = line.trim().split(/\s+/)
  if (!name) return
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command) command.run(args, host)
  else host.print(`-bash: ${name}: command not found (try help)\r\n`)
}
