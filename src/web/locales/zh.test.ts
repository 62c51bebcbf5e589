import { describe, expect, it } from 'vitest'
import { textsOf } from '../../testing/web/languages.ts'
import { zh } from './zh.ts'

const all = [...textsOf(zh)]
const matching = (wrong: RegExp) => all.filter(([, text]) => wrong.test(text))

describe('the Chinese words', () => {
  it.each([
    [
      'have one space between Chinese and Latin letters, digits or a count',
      /\p{sc=Han}[\w#]|[\w#]\p{sc=Han}/u,
    ],
    ['have no space between two Chinese words', /\p{sc=Han}\s\p{sc=Han}/u],
    ['have full-width punctuation', /\p{sc=Han}[,.:;?!()]|[,;:?!()]\p{sc=Han}/u],
    ['have no space beside full-width punctuation', /\s[，。：；？！（）、“”]|[，。：；？！（）、]\s/u],
    ['end an ellipsis as the other languages do', /\.\.\.|……|\s…/u],
    ['have no plural but none and other', /\b(?:zero|one|two|few|many) \{/],
  ])('%s', (_, wrong) => {
    expect(matching(wrong)).toEqual([])
  })

  it('have a space beside what is filled in, unless that is Chinese, too', () => {
    const chinese = new Set(['action', 'colour', 'theme', 'time', 'what'])
    const touching = all.filter(([, text]) =>
      [...text.matchAll(/\p{sc=Han}\{(\w+)|\{(\w+)(?:, number)?\}(?=\p{sc=Han})/gu)].some(
        ([, before, after]) => !chinese.has(before ?? after ?? ''),
      ),
    )
    expect(touching.filter(([, text]) => !text.includes('plural'))).toEqual([])
  })

  // CONTRIBUTING.md has the glossary.
  it('have one word for one thing', () => {
    const others =
      /登陆|帐号|帐户|账户|登出|裸机|物理机|串口控制台|控制权|中转|回放缓冲|滚动缓冲|录制文件|查看器|密匙|缺省|服务器端/
    expect(matching(others)).toEqual([])
  })
})
