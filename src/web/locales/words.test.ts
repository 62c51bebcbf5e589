import { readdirSync } from 'node:fs'
import compile from 'icu-minify/compile'
import format from 'icu-minify/format'
import { createTranslator } from 'use-intl/core'
import { describe, expect, it } from 'vitest'
import { LOCALES } from '../../../vite.words.ts'
import { completeWords, textsOf } from '../../testing/web/languages.ts'
import { en, type Words } from './en.ts'
import { enConsole } from './en-console.ts'
import { enConsoles } from './en-consoles.ts'
import type { FirstWords } from './en-first.ts'
import { enInPlace } from './en-in-place.ts'
import { enPages } from './en-pages.ts'
import { enPower } from './en-power.ts'
import { enSharing } from './en-sharing.ts'
import { enTerminal } from './en-terminal.ts'
import { enTools } from './en-tools.ts'
import { enWay } from './en-way.ts'
import { languageOf, languages, loadWords } from './words.ts'

/** The names of a message's arguments and tags; those of a plural's branches too. */
function argumentsOf(message: string): string[] {
  const found = new Set<string>()
  let at = 0
  const text = () => {
    for (; at < message.length && message[at] !== '}'; at++) {
      const [, tag] = /^<(\w+)>/.exec(message.slice(at)) ?? []
      if (tag) found.add(`<${tag}>`)
      if (message[at] === '{') argument()
    }
  }
  const argument = () => {
    const [head = '', name = '', end] = /^\{\s*(\w+)\s*([,}])/.exec(message.slice(at)) ?? []
    if (name === '') throw new Error(`not an argument: ${message.slice(at)}`)
    found.add(name)
    at += head.length - 1
    if (end === '}') return
    for (; message[at] !== '}'; at++) {
      if (message[at] !== '{') continue
      at++
      text()
    }
  }
  text()
  return [...found].sort()
}

const english: FirstWords = (await loadWords('en')).words

describe.each(languages)('the words of %s', (language) => {
  const words = completeWords[language]

  it('take the same arguments as the English ones', () => {
    const of = (all: Words) =>
      Object.fromEntries([...textsOf(all)].map(([path, text]) => [path, argumentsOf(text)]))
    expect(of(words)).toEqual(of(en))
  })

  it('group the digits of every count and size', () => {
    const bare = /\{(?:count|found|vcpus|memory|disk|mib|bytes)\}/
    expect([...textsOf(words).values()].filter((text) => bare.test(text))).toEqual([])
  })

  it('are well-formed, and none is empty', () => {
    for (const [path, text] of textsOf(words)) {
      const t = createTranslator({
        locale: language,
        messages: { text },
        onError(error) {
          throw new Error(path, { cause: error })
        },
      })
      const values = argumentsOf(text).map((name) =>
        name.startsWith('<') ? [name.slice(1, -1), (chunks: string) => chunks] : [name, 2],
      )
      expect(t.markup('text', Object.fromEntries(values)).trim(), path).not.toBe('')
    }
  })
})

/** As `use-intl` has them */
const formatters = {
  getDateTimeFormat: (...args: ConstructorParameters<typeof Intl.DateTimeFormat>) =>
    new Intl.DateTimeFormat(...args),
  getNumberFormat: (...args: ConstructorParameters<typeof Intl.NumberFormat>) =>
    new Intl.NumberFormat(...args),
  getPluralRules: (...args: ConstructorParameters<typeof Intl.PluralRules>) => new Intl.PluralRules(...args),
}

// The build compiles them (`vite.words.ts`), and everything else parses them in the page.
it('are compiled in each file that has some', () => {
  const files = readdirSync(import.meta.dirname).filter((name) => /^(?:en|de|zh)\b(?!.*\.test)/.test(name))
  expect(files).toContain('en-send-keys.ts')
  expect(files.filter((name) => !LOCALES.test(`/src/web/locales/${name}`))).toEqual([])
})

describe.each(languages)('the built words of %s', (language) => {
  it.each([0, 1, 2, 12_345, 'name'])('say the same as those of the sources, of %s', (value) => {
    for (const [path, text] of textsOf(completeWords[language])) {
      const t = createTranslator({ locale: language, messages: { text } })
      const inTag = (chunks: unknown) => `[${[chunks].flat().join('')}]`
      const values = Object.fromEntries(
        argumentsOf(text).map((name) => (name.startsWith('<') ? [name.slice(1, -1), inTag] : [name, value])),
      )
      // A plural or a number needs one.
      if (typeof value === 'string' && /, (?:plural|selectordinal|number)\b/.test(text)) continue
      const built = [format(compile(text), language, values, { formatters })].flat().join('')
      expect(built, path).toBe(t.markup('text', values))
    }
  })
})

describe('argumentsOf', () => {
  it('sees what a message needs, within the branches of a plural too', () => {
    expect(argumentsOf('{a} of {n, plural, =0 {none} other {# by {who}}} <code>x</code>')).toEqual([
      '<code>',
      'a',
      'n',
      'who',
    ])
  })
})

describe('languageOf', () => {
  it.each([
    [['de'], 'de'],
    [['de-CH-1996'], 'de'],
    [['DE-at'], 'de'],
    [['fr', 'de', 'en'], 'de'],
    [['en-GB', 'de'], 'en'],
    [['den'], 'en'],
    [['zh'], 'zh'],
    [['zh-CN'], 'zh'],
    [['zh-cn', 'en'], 'zh'],
    [['zh-Hans'], 'zh'],
    [['zh-Hans-HK'], 'zh'],
    [['zh-SG', 'zh'], 'zh'],
    [['zh-TW', 'de'], 'de'],
    [['zh-Hant-HK'], 'en'],
    [['zh-HK', 'zh', 'en'], 'zh'],
    [[''], 'en'],
    [[], 'en'],
  ] as const)('of %j is %s', (wanted, language) => {
    expect(languageOf(...wanted)).toBe(language)
  })
})

describe('loadWords', () => {
  it('gives English where a language is not known', async () => {
    expect(await loadWords('tlh')).toEqual({ language: 'en', words: english })
    expect((await loadWords('de-AT')).words.shell.cancel).toBe('Abbrechen')
    expect((await loadWords('zh-CN')).words.shell.cancel).toBe('取消')
  })
})

/** The sections of the words that a page's sources speak. */
function sections(sources: Record<string, string>, without: RegExp): string[] {
  return Object.entries(sources).flatMap(([path, source]) =>
    without.test(path)
      ? []
      : [...source.matchAll(/useTranslations\('(\w+)/g)].map(([, section = '']) => section),
  )
}

it('the embedded page says nothing of the words that it does not have', () => {
  const sources = import.meta.glob<string>('../{embed,console,ui}/**/*.{ts,tsx}', {
    query: '?raw',
    import: 'default',
    eager: true,
  })
  // The console's page and its tools are not embedded.
  const said = sections(
    sources,
    /\/(console-page|console-route|send-keys-menu|keyboard-dialog|leave-guard|way-words|in-place-notice|viewers-menu)\.tsx$|\/console\/(bar|shortcuts|colours|times|copy|clear|older|links|marks|encoding)\/|\.test\.tsx?$/,
  )
  expect(said).toContain('console')
  const absent = {
    ...enPages,
    ...enTools,
    powering: enPower,
    way: enWay,
    inPlace: enInPlace,
    sharing: enSharing,
  }
  expect(said.filter((section) => section in absent)).toEqual([])
})

it('the other pages say nothing of what comes with a console', () => {
  const sources = import.meta.glob<string>(
    ['../**/*.{ts,tsx}', '!../{embed,console,grid,locales,power}/**'],
    {
      query: '?raw',
      import: 'default',
      eager: true,
    },
  )
  const said = sections(sources, /\.test\.tsx?$/)
  expect(said).toContain('servers')
  const later = { console: enConsole, ...enTools, ...enTerminal, consoles: enConsoles, powering: enPower }
  expect(said.filter((section) => section in later)).toEqual([])
})
