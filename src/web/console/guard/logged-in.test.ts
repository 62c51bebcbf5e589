import { describe, expect, it } from 'vitest'
import { loginState } from './logged-in.ts'

const at = (line: string) => loginState({ line, alternate: false })

describe('a shell that is left open', () => {
  it.each([
    'root@web-fra-01:~# ',
    'root@web-fra-01:~# tail -f /var/log/sys',
    '[admin@db-01 etc]$ ',
    '~ # ',
    '/ # ls',
    'host% ',
    '# ',
    '$ id',
    'bash-5.1$ ',
    'C:\\>',
  ])('is seen in %j', (line) => {
    expect(at(line)).toBe('shell')
  })

  it.each([
    '',
    'web-fra-01 login: ',
    'login: root',
    'Password: ',
    '(current) UNIX password: ',
    'grub> ',
    'Shell> ',
    '[    1.234567] pci 0000:00:1f.0: [8086:7000] type 00 class 0x060100 # note',
    '[  OK  ] Started Serial Getty on ttyS0.',
    'Booting from UEFI: debian (NVMe0)',
    'Progress: 45% done',
    'Please press Enter to activate this console.',
  ])('is not seen in %j', (line) => {
    expect(at(line)).toBe('none')
  })

  it('is behind a full-screen program', () => {
    expect(loginState({ line: '~', alternate: true })).toBe('program')
  })
})
