import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { cachedImage, type LinuxImage, machineCommands, prepareImage } from './linux-image.ts'
import { LinuxMachine } from './linux-machine.ts'
import { account, SANDBOX_SYSRQ_SEQUENCE } from './machine.ts'
import { missingPackages } from './tied-process.ts'

/** A busy computer without KVM boots slowly. */
const LIMIT_MS = 90_000

const missing = missingPackages(machineCommands)
const required = process.env.LAB_REQUIRED === '1'
const image = required ? await prepareImage() : cachedImage()
const lack =
  missing.length > 0
    ? `needs the Debian packages ${missing.join(', ')}`
    : image === null
      ? 'needs npm run sandbox:linux'
      : null

let number = 0

function start({ poweredOn = true, booted = image as LinuxImage } = {}) {
  const hostname = `unit-${process.pid}-${number++}`
  const machine = new LinuxMachine({ image: booted, hostname, poweredOn })
  onTestFinished(() => machine.dispose())
  let heard = ''
  let wake = () => {}
  const listen = () =>
    machine.attach((bytes) => {
      heard += bytes.toString('latin1')
      wake()
    })
  /** Waits for the words, and takes all output up to them. */
  async function hear(words: string | RegExp): Promise<string> {
    for (;;) {
      const found = typeof words === 'string' ? heard.indexOf(words) : heard.search(words)
      if (found >= 0) {
        const end = found + (typeof words === 'string' ? words.length : 1)
        const until = heard.slice(0, end)
        heard = heard.slice(end)
        return until
      }
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  const type = (text: string) => machine.write(Buffer.from(text, 'latin1'))
  async function logIn() {
    await hear(`${hostname} login: `)
    type(`${account.user}\r`)
    await hear('Password: ')
    type(`${account.password}\r`)
    await hear('~ # ')
  }
  return { machine, hostname, listen, hear, type, logIn, isRunning: () => qemuRuns(hostname) }
}

/** Whether a QEMU of that machine is among the computer's processes. */
function qemuRuns(hostname: string): boolean {
  return readdirSync('/proc').some((pid) => {
    if (!/^\d+$/.test(pid)) return false
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`hostname=${hostname}\0`)
    } catch {
      // It ended in between.
      return false
    }
  })
}

if (lack !== null && !required) console.warn(`linux-machine.test.ts is skipped: it ${lack}`)

describe.skipIf(lack !== null && !required)('a real Linux', { timeout: LIMIT_MS }, () => {
  it('starts with its first reader, from the first kernel line, under its own name, for one reader', async () => {
    const { machine, hostname, listen, hear, type, logIn, isRunning } = start()
    expect([machine.poweredOn, isRunning()]).toEqual([true, false])
    expect(listen()).toBe(true)
    expect(await hear('Linux version ')).toMatch(/\[ +0\.0{6}\] Linux version $/)
    expect(isRunning()).toBe(true)
    expect(machine.attach(() => {})).toBe(false)
    await logIn()
    type('echo $(hostname) $(uname)\r')
    await hear(`\n${hostname} Linux\r\n`)
  })

  it('goes on while nobody listens', async () => {
    const { machine, listen, hear, type, logIn } = start()
    listen()
    await logIn()
    type('left=behind\r')
    await hear('~ # ')
    machine.detach()
    expect(listen()).toBe(true)
    type('echo still $left\r')
    await hear('still behind\r\n')
  })

  it('reboots on the same line, ends when its guest powers off, and is powered on anew', async () => {
    const { machine, listen, hear, type, logIn, isRunning } = start()
    listen()
    await logIn()
    type('reboot -f\r')
    await hear('reboot: Restarting system')
    await hear('Linux version ')
    await logIn()
    type('poweroff -f\r')
    await hear('reboot: Power down')
    await expect.poll(() => machine.poweredOn, { timeout: LIMIT_MS }).toBe(false)
    expect(isRunning()).toBe(false)
    machine.powerOn()
    expect(machine.poweredOn).toBe(true)
    await hear('Linux version ')
  })

  it('is off until it is powered on, is reset as by its button, and powered off at once', async () => {
    const { machine, listen, hear, isRunning } = start({ poweredOn: false })
    listen()
    expect([machine.poweredOn, isRunning()]).toEqual([false, false])
    machine.powerOn()
    await hear('Linux version ')
    machine.reset()
    await hear('Linux version ')
    machine.powerOff()
    expect(machine.poweredOn).toBe(false)
    await expect.poll(isRunning, { timeout: LIMIT_MS }).toBe(false)
  })

  it('waits while it is held, and loses nothing', async () => {
    const { machine, listen, hear, type, logIn } = start()
    listen()
    await logIn()
    machine.detach()
    let held = false
    let heardWhileHeld = 0
    let text = ''
    const last = 20_000
    const finished = new Promise<void>((resolve) => {
      machine.attach((bytes) => {
        if (held) heardWhileHeld += bytes.length
        text += bytes.toString('latin1')
        if (text.includes(`\n${last}\r\n`)) resolve()
        held = true
        machine.hold(true)
        setImmediate(() => {
          held = false
          machine.hold(false)
        })
      })
    })
    type(`seq 1 ${last}\r`)
    await finished
    expect(heardWhileHeld).toBe(0)
    const numbers = text
      .split('\r\n')
      .filter((line) => /^\d+$/.test(line))
      .map(Number)
    expect(numbers).toEqual(Array.from({ length: last }, (_, index) => index + 1))
    machine.detach()
    listen()
    type('echo after\r')
    await hear('\nafter\r\n')
  })

  it('takes Ctrl+A for a key, and the SysRq sequence for a BREAK, in any split', async () => {
    const { machine, listen, hear, type, logIn } = start()
    listen()
    await logIn()
    // Ctrl+A goes to the start of the line.
    type('cho home\x01e\r')
    await hear('\nhome\r\n')
    const sysrq = Buffer.from(`${SANDBOX_SYSRQ_SEQUENCE}h`, 'latin1')
    machine.write(sysrq.subarray(0, 3))
    machine.write(sysrq.subarray(3))
    await hear('sysrq: HELP : ')
    type(`${SANDBOX_SYSRQ_SEQUENCE}b`)
    await hear('sysrq: Resetting')
    await hear('Linux version ')
  })

  it('leaves nothing behind when it is disposed of', async () => {
    const { machine, listen, hear, isRunning } = start()
    listen()
    await hear('Linux version ')
    await machine.dispose()
    expect(isRunning()).toBe(false)
  })

  it('says on the line why it cannot start, and is off then', async () => {
    const { machine, listen, hear } = start({
      booted: { kernel: '/nowhere/vmlinuz', initrd: '/nowhere/initrd' },
    })
    listen()
    expect(await hear('BMS_CONSOLE_SANDBOX_MACHINES=simulated')).toMatch(/QEMU ended: .*\/nowhere\/vmlinuz/)
    expect(machine.poweredOn).toBe(false)
  })
})
