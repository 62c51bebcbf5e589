import { describe, expect, it } from 'vitest'
import { openLog } from './log.ts'

function written(form: 'json' | 'human'): string {
  const lines: string[] = []
  const log = openLog({ level: 'info', form }, { write: (line: string) => void lines.push(line) })
  log.info(
    { server: 'linux-1', session: { token: 's3cr3t-t0ken', url: 'ws://x/?token=s3cr3t' } },
    'line lost',
  )
  log.debug('not this')
  return lines.join('')
}

describe('the log', () => {
  it('is one JSON object a line, without secrets', () => {
    const [line = '', ...more] = written('json').trim().split('\n')
    expect(more).toEqual([])
    expect(JSON.parse(line)).toMatchObject({
      level: 30,
      msg: 'line lost',
      server: 'linux-1',
      session: { token: '[secret]', url: '[secret]' },
    })
  })

  it('is words for a person, without secrets', () => {
    const text = written('human')
    expect(text).toMatch(/^\[\d\d:\d\d:\d\d\] INFO: line lost \{.*linux-1/)
    expect(text.trim().split('\n')).toHaveLength(1)
    expect(text).not.toContain('s3cr3t')
  })
})
