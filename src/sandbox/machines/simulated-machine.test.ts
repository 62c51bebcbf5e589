import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../testing/clock.ts'
import { type Firmware, SANDBOX_SYSRQ_SEQUENCE, type StartingPoint } from './machine.ts'
import { SimulatedMachine } from './simulated-machine.ts'

function start(firmware: Firmware = 'boots', poweredOn = true, startAt: StartingPoint = 'boot') {
  const clock = new ManualClock()
  const machine = new SimulatedMachine({
    clock,
    hostname: 'web-01',
    kernel: '6.1.0',
    image: 'Debian 12',
    firmware,
    poweredOn,
    speed: 1,
    startAt,
  })
  let heard = ''
  const listen = () => machine.attach((bytes) => (heard += bytes.toString('latin1')))
  return {
    clock,
    machine,
    listen,
    /** Passes a minute, and returns what was printed since the last call. */
    hear(ms = 60_000) {
      clock.advance(ms)
      const since = Buffer.from(heard, 'latin1').toString('utf8')
      heard = ''
      return since
    },
    type: (text: string) => machine.write(Buffer.from(text)),
    logIn() {
      listen()
      clock.advance(60_000)
      machine.write(Buffer.from('root\rsandbox\r'))
      heard = ''
    },
  }
}

describe('a machine that boots', () => {
  it('goes from firmware to login, takes a user and a hidden password, and runs commands', () => {
    const { listen, hear, type } = start()
    expect(listen()).toBe(true)
    const boot = hear()
    const order = [
      'UEFI Firmware',
      'GNU GRUB',
      'Linux version 6.1.0',
      'Run /sbin/init',
      'OpenSSH',
      'web-01 login: ',
    ]
    const places = order.map((text) => boot.indexOf(text))
    expect(places).not.toContain(-1)
    expect(places).toEqual([...places].sort((a, b) => a - b))
    type('root\r')
    expect(hear()).toBe('root\r\nPassword: ')
    type('wrong\r')
    expect(hear()).toBe('\r\nLogin incorrect\r\n\r\nweb-01 login: ')
    type('root\rsandbox\r')
    const welcome = hear()
    expect(welcome).toContain('root@web-01')
    expect(welcome).not.toContain('sandbox\r')
    type('uname -a\r')
    expect(hear()).toContain('Linux web-01 6.1.0')
    type('exit\r')
    expect(hear()).toContain('web-01 login: ')
  })

  it('boots visibly again after reboot in the shell, and Ctrl+C does not stop it', () => {
    const { logIn, hear, type } = start()
    logIn()
    type('reboot\r')
    expect(hear(100)).toContain('Restarting system')
    type('\x03')
    const again = hear()
    for (const text of ['UEFI Firmware', 'GNU GRUB', 'Linux version', 'web-01 login: '])
      expect(again).toContain(text)
    expect(again).not.toContain('^C')
    type('root\rsandbox\rwhoami\r')
    expect(hear()).toContain('\r\nroot\r\n')
  })

  it('lets the arrow keys choose in GRUB, in any split, and waits then', () => {
    const { listen, hear, type } = start()
    listen()
    let seen = ''
    while (!seen.includes('automatically')) seen = hear(50)
    for (const key of '\x1b[B') type(key)
    expect(hear()).toContain('\x1b[7m *Advanced options')
    expect(hear()).toBe('')
    type('\x1bOA\r')
    const rest = hear()
    expect(rest).toContain('\x1b[7m *Debian 12')
    expect(rest).toContain('web-01 login: ')
  })

  it('stops a flood at Ctrl+C, also when both come at once, and stays logged in', () => {
    const { logIn, hear, type } = start()
    logIn()
    type('yes\r')
    expect(hear(20).match(/y\r\n/g)?.length).toBeGreaterThan(1_000)
    type('\x03')
    expect(hear()).toMatch(/\^C\r\n.*root@web-01.*# $/)
    type('yes no\r\x03id\r')
    const both = hear()
    expect(both).toContain('^C')
    expect(both).toContain('uid=0(root)')
    expect(both).not.toContain('login:')
  })

  it('holds a flood back, and goes on where it was', () => {
    const { machine, logIn, hear, type } = start()
    logIn()
    type('seq 1000\r')
    hear(2)
    machine.hold(true)
    hear(0)
    expect(hear()).toBe('')
    machine.hold(false)
    expect(hear()).toMatch(/\r\n1000\r\n.*# $/)
  })

  it('takes typed characters in any split', () => {
    const { machine, logIn, hear } = start()
    logIn()
    for (const byte of Buffer.from('echo — 日本 🚀\r')) machine.write(Buffer.of(byte))
    const echoed = hear()
    expect(echoed).toContain('\r\n— 日本 🚀\r\n')
    expect(echoed).not.toContain('\ufffd')
  })

  it('has one reader: a second one is refused until the first leaves', () => {
    const { machine, listen } = start()
    expect(listen()).toBe(true)
    expect(machine.attach(() => {})).toBe(false)
    machine.detach()
    expect(machine.attach(() => {})).toBe(true)
  })
})

describe('a machine that stands at a prompt', () => {
  const visibleBoot = () => {
    const { listen, hear } = start()
    listen()
    return hear()
  }

  it('gives its first reader the whole boot at once, up to the login, and takes a user there', () => {
    const { listen, hear, type } = start('boots', true, 'login')
    listen()
    expect(hear(0)).toBe(visibleBoot())
    type('root\rsandbox\r')
    expect(hear(0)).toContain('root@web-01')
  })

  it('is at the shell with root signed in, and runs commands', () => {
    const { listen, hear, type } = start('boots', true, 'shell')
    listen()
    const printed = hear(0)
    expect(printed.startsWith(`${visibleBoot()}root\r\nPassword: \r\nLinux web-01`)).toBe(true)
    expect(printed).toMatch(/root@web-01\S*:~# $/)
    type('whoami\r')
    expect(hear()).toContain('\r\nroot\r\n')
  })

  it('prints its boot once: a later reader does not get it again', () => {
    const { machine, listen, hear } = start('boots', true, 'shell')
    listen()
    hear(0)
    expect(hear()).toBe('')
    machine.detach()
    listen()
    expect(hear()).toBe('')
  })

  it('boots in its own time when it is reset or powered on', () => {
    const { machine, listen, hear } = start('boots', true, 'shell')
    listen()
    hear(0)
    machine.reset()
    expect(hear(1_000)).not.toContain('Linux version')
    expect(hear()).toMatch(/web-01 login: $/)
    machine.powerOff()
    machine.powerOn()
    expect(hear(1_000)).not.toContain('Linux version')
    expect(hear()).toMatch(/web-01 login: $/)
  })

  it('is off until it is powered on', () => {
    const { machine, listen, hear } = start('boots', false, 'shell')
    listen()
    expect(hear()).toBe('')
    machine.powerOn()
    expect(hear()).toMatch(/web-01 login: $/)
  })

  it('changes nothing for a machine that panics, idles or is silent', () => {
    const life = (firmware: Firmware, startAt: StartingPoint) => {
      const { listen, hear } = start(firmware, true, startAt)
      listen()
      return hear(20_000)
    }
    for (const firmware of ['panics', 'idles', 'silent'] as const)
      expect(life(firmware, 'shell')).toBe(life(firmware, 'boot'))
  })
})

describe('SysRq', () => {
  it('is taken from the line in any split: help, then a reset that boots again', () => {
    const { logIn, hear, type } = start()
    logIn()
    for (const key of `${SANDBOX_SYSRQ_SEQUENCE}h`) type(key)
    // The sequence itself is not echoed.
    expect(hear()).toMatch(/^\r\n\[[ 0-9.]+\] sysrq: HELP : reboot\(b\)/)
    type(`${SANDBOX_SYSRQ_SEQUENCE}b`)
    const again = hear()
    expect(again).toContain('sysrq: Resetting')
    expect(again).toContain('web-01 login: ')
  })

  it('reaches a machine that does not listen: in a boot, in a panic, and it can power off', () => {
    const { machine, listen, hear, type } = start('panics')
    listen()
    let seen = ''
    while (!seen.includes('Kernel panic')) seen = hear(50)
    type(`${SANDBOX_SYSRQ_SEQUENCE}b`)
    expect(hear(1_000)).toMatch(/sysrq: Resetting[\s\S]*UEFI Firmware/)
    type(`${SANDBOX_SYSRQ_SEQUENCE}o`)
    hear()
    expect(machine.poweredOn).toBe(false)
    type('\r')
    expect(hear()).toBe('')
  })

  it('releases text that only begins like it, and refuses an unknown key', () => {
    const { logIn, hear, type } = start()
    logIn()
    type('\x1f\x1fsysadmin\r')
    expect(hear()).toContain('sysadmin: command not found')
    type(`${SANDBOX_SYSRQ_SEQUENCE}z`)
    expect(hear()).toContain('disabled')
  })
})

describe('other machines', () => {
  it('idles: it prints nothing until Enter', () => {
    const { listen, hear, type } = start('idles')
    listen()
    expect(hear()).toBe('')
    type('\r')
    expect(hear()).toContain('web-01 login: ')
  })

  it('is silent, whatever is typed', () => {
    const { listen, hear, type } = start('silent')
    listen()
    type(`\r${SANDBOX_SYSRQ_SEQUENCE}b`)
    expect(hear()).toBe('')
  })

  it('is off: it prints once it is powered on, and power off ends it', () => {
    const { machine, listen, hear, type } = start('boots', false)
    listen()
    type('\r')
    expect(hear()).toBe('')
    machine.powerOn()
    expect(hear()).toMatch(/UEFI Firmware[\s\S]*web-01 login: /)
    machine.reset()
    hear(500)
    machine.powerOff()
    expect(hear()).toBe('')
    expect(machine.poweredOn).toBe(false)
  })

  it('panics over and over', () => {
    const { listen, hear } = start('panics')
    listen()
    expect(hear().match(/Kernel panic/g)?.length).toBeGreaterThan(1)
  })

  it('garbles: bytes with the high bit set, none readable', () => {
    const { clock, machine } = start('garbles')
    const bytes: number[] = []
    machine.attach((chunk) => void bytes.push(...chunk))
    clock.advance(60_000)
    expect(bytes.length).toBeGreaterThan(1_000)
    expect(bytes.every((byte) => byte >= 0x80)).toBe(true)
  })
})

describe('the size of the terminal', () => {
  it('is 80 by 24 until somebody tells another', () => {
    const { logIn, hear, type } = start()
    logIn()
    type('stty size\r')
    expect(hear()).toContain('\r\n24 80\r\n')
    type(' stty rows 34 cols 120\r stty -a\r')
    expect(hear()).toContain('rows 34; columns 120;')
    type('stty rows\r stty sane\r')
    expect(hear()).toContain("invalid argument 'sane'")
  })

  it('is what the terminal says that it is, for `resize`', () => {
    const { logIn, hear, type } = start()
    logIn()
    type('resize\r')
    expect(hear()).toMatch(/\x1b\[999;999H\x1b\[6n$/)
    type('\x1b[43;132R')
    expect(hear()).toContain('COLUMNS=132;\r\nLINES=43;')
    type('stty size\r')
    expect(hear()).toContain('\r\n43 132\r\n')
    type('resize\r')
    hear()
    type('\x03stty size\r')
    expect(hear()).toContain('\r\n43 132\r\n')
  })
})
