import { describe, expect, it } from 'vitest'
import { atShellPrompt, differs, sizeCommand, toldSize, wrappedAt } from './match.ts'

const at = (line: string) => ({ line, rest: '', wrapped: false, alternate: false })

describe('a shell’s prompt', () => {
  it.each([
    'root@web-01:~# ',
    'ada@web-01:/var/log$ ',
    '[admin@host etc]$ ',
    '~ $ ',
    '/ # ',
    '# ',
    '$ ',
    'sh-5.1# ',
    'ada@web-01 ~% ',
    'root@web-01 ~> ',
    'ada@web-01 /v/log> ',
    '(venv) ada@web-01:~$ ',
  ])('is %j', (line) => {
    expect(atShellPrompt(at(line))).toBe(true)
  })

  it.each([
    '',
    'web-01 login: ',
    'Password: ',
    '[sudo] password for ada: ',
    'postgres=# ',
    'postgres-# ',
    'postgres=> ',
    'mysql> ',
    'sqlite> ',
    '>>> ',
    '... ',
    '> ',
    'grub> ',
    'Shell> ',
    'FS0:\\> ',
    'C:\\>',
    '=> ',
    '(gdb) ',
    '127.0.0.1:6379> ',
    'Proceed? [y/N] ',
    '[    3.141592] usb 1-1: new device #',
    'root@web-01:~# ls',
    'root@web-01:~# echo # ',
    'Downloading 50% ',
  ])('is not %j', (line) => {
    expect(atShellPrompt(at(line))).toBe(false)
  })

  it('is none in a program, with something typed, or where a long line goes on', () => {
    const prompt = at('root@web-01:~# ')
    expect(atShellPrompt({ ...prompt, alternate: true })).toBe(false)
    expect(atShellPrompt({ ...prompt, rest: 'rm -rf /tmp/x' })).toBe(false)
    expect(atShellPrompt({ ...prompt, wrapped: true })).toBe(false)
    expect(atShellPrompt({ ...prompt, rest: '   ' })).toBe(true)
  })
})

it('tells the size by a command that stays out of the shell’s history', () => {
  expect(sizeCommand({ columns: 120, rows: 34 })).toBe(' stty rows 34 cols 120')
})

describe('what a machine tells of its terminal', () => {
  it.each([
    ['stty size', ['24 80', 'root@web-01:~# stty size'], { columns: 80, rows: 24 }],
    ['stty size without a size', ['0 0', '$ stty size'], { columns: 80, rows: 24 }],
    ['the same in busybox', ['stty: standard input', '~ # stty size'], { columns: 80, rows: 24 }],
    [
      'stty -a',
      ['isig icanon', 'speed 115200 baud; rows 43; columns 132; line = 0;', '$ stty -a'],
      { columns: 132, rows: 43 },
    ],
    ['a size that was set', ['root@web-01:~#  stty rows 34 cols 120'], { columns: 120, rows: 34 }],
    ['columns that were set', ['~ $ stty columns 100'], { columns: 100, rows: null }],
    ['two other numbers', ['24 80', '$ cat sizes.txt'], null],
    ['no stty', ['speed', 'x; rows 1; columns', '$ make'], null],
    ['another setting', ['$ stty sane'], null],
  ])('is read from %s', (_from, above, expected) => {
    expect(toldSize(above)).toEqual(expected)
  })
})

describe('a line that wraps', () => {
  const command = `root@web-01:~# ${'x'.repeat(65)}`

  it('shows the width that the shell believes in', () => {
    expect(wrappedAt(`${command} `, 120)).toBe(80)
  })

  it.each([
    ['as wide as the terminal', `${command} `, 80],
    ['of a progress bar', `Downloading ${'='.repeat(60)} `, 120],
    ['without the blank', command, 120],
    ['that is only a prompt', 'root@web-01:~# ', 120],
  ])('shows nothing where it is one %s', (_how, row, columns) => {
    expect(wrappedAt(row, columns)).toBeNull()
  })
})

it('differs from a terminal in what is known', () => {
  const terminal = { columns: 120, rows: 34 }
  expect(differs({ columns: null, rows: null }, terminal)).toBe(false)
  expect(differs({ columns: 80, rows: null }, terminal)).toBe(true)
  expect(differs({ columns: 120, rows: null }, terminal)).toBe(false)
  expect(differs({ columns: 120, rows: 24 }, terminal)).toBe(true)
})
