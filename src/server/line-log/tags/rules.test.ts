import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../config.ts'
import { limitsOf } from './rules.ts'

const read = (tags: string) =>
  parseConfig({
    BMS_CONSOLE_TRANSPORT: 'relay',
    BMS_CONSOLE_LINE_LOG_DIR: '/var/lib/lines',
    BMS_CONSOLE_LINE_LOG_TAGS: tags,
  }).lineLog?.tags

describe('the limits of tags', () => {
  it('are days, a size, or both, of tags as clouds have them', () => {
    expect(read('env=prod: 90d 1GiB, lab: 3d,role:db-*:512mib 7d ,')).toEqual([
      { tag: 'env=prod', days: 90, lineMib: 1024 },
      { tag: 'lab', days: 3 },
      { tag: 'role:db-*', days: 7, lineMib: 512 },
    ])
  })

  it.each([
    ['lab', 'item 1 of 1 has no colon'],
    ['env=prod: 90d, : 3d', 'item 2 of 2 has no tag'],
    ['lab:, env=prod: 90d', 'item 1 of 2 has no limit'],
    ['lab: 3', 'item 1 of 1 has a limit that is neither days (90d) nor a size (512MiB, 2GiB)'],
    ['lab: 3d 16MB', 'item 1 of 1 has a limit that is neither days'],
    ['lab: 3d 4d', 'item 1 of 1 has days twice'],
    ['lab: 1MiB 1GiB', 'item 1 of 1 has a size twice'],
    ['lab: 0d', 'item 1 of 1 has days that are not from 1 to 36500'],
    ['lab: 1000GiB', 'item 1 of 1 has a size that is not from 1 to 1000000 MiB'],
    ['lab: 3d, prod: 9d, lab: 5d', 'item 3 of 3 has the tag of item 1'],
  ])('that say "%s" are refused: %s', (tags, what) => {
    expect(() => read(tags)).toThrow(`BMS_CONSOLE_LINE_LOG_TAGS is not valid: ${what}`)
  })

  it('are refused without repeating them, since a secret may be in the wrong variable', () => {
    expect(() => read('lab: 3d, hunter2')).toThrow(/^((?!hunter2).)*$/)
  })
})

describe('the limits of a line', () => {
  const rules = [
    { tag: 'prod', days: 90 },
    { tag: 'lab', days: 3, lineMib: 16 },
    { tag: 'role=*', lineMib: 64 },
  ]
  const of = (...tags: string[]) => limitsOf(tags, rules, { days: 30, lineMib: 256 })

  it('are those of all lines where no tag says otherwise', () => {
    expect(of()).toEqual({ days: 30, lineMib: 256 })
    expect(of('other')).toEqual({ days: 30, lineMib: 256 })
  })

  it('are those of its tag, also where it keeps less than others', () => {
    expect(of('prod')).toEqual({ days: 90, lineMib: 256 })
    expect(of('lab')).toEqual({ days: 3, lineMib: 16 })
  })

  it('are the most generous of several tags, days and size each for itself', () => {
    expect(of('lab', 'prod')).toEqual({ days: 90, lineMib: 16 })
    expect(of('lab', 'role=db')).toEqual({ days: 3, lineMib: 64 })
  })
})
