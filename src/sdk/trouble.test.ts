import { describe, expect, test } from 'vitest'
import { consoleAddress, isMixedContent, judge, troubleWords } from './trouble.ts'

const src = 'https://console.example.com'
const page = 'https://portal.example.com'

describe('why a frame is silent', () => {
  test('embedding is off: names the setting, ready to be copied', () => {
    const { title, next } = troubleWords(judge({ enabled: false, allowed: false }, src, page))
    expect(title).toBe('Embedding is turned off')
    expect(next).toContain(`BMS_CONSOLE_EMBED_ORIGINS=${page}`)
  })

  test('another page may embed it, but not this one', () => {
    const trouble = judge({ enabled: true, allowed: false }, src, page)
    expect(trouble.reason).toBe('not-allowed')
    expect(troubleWords(trouble).next).toContain(`Add ${page} to BMS_CONSOLE_EMBED_ORIGINS`)
  })

  test('this page may embed it, so something in between refuses', () => {
    const trouble = judge({ enabled: true, allowed: true }, src, page)
    expect(trouble.reason).toBe('no-answer')
    expect(troubleWords(trouble).next).toContain('X-Frame-Options')
  })

  test('the page’s own policy forbids it', () => {
    const { next } = troubleWords({ reason: 'page-policy', src, directive: 'frame-src' })
    expect(next).toContain(`Add ${src} to frame-src`)
  })
})

test('an address is made of src: its origin and path, whatever follows', () => {
  expect(consoleAddress('https://console.example.com/')).toBe(src)
  expect(consoleAddress('https://Console.example.com:443?x#y')).toBe(src)
  for (const path of ['/console', '/console/', '/a/../console/', '/console/?x#y'])
    expect(consoleAddress(`https://Console.example.com:443${path}`)).toBe(`${src}/console`)
  for (const none of [null, '', '/console', 'console.example.com', 'javascript:alert(1)', 'data:text/html,x'])
    expect(consoleAddress(none)).toBeNull()
})

test('plain http inside https is blocked, except on loopback', () => {
  expect(isMixedContent(page, 'http://console.example.com')).toBe(true)
  expect(isMixedContent(page, 'http://localhost.example.com')).toBe(true)
  expect(isMixedContent(page, src)).toBe(false)
  expect(isMixedContent('http://portal.example.com', 'http://console.example.com')).toBe(false)
  for (const host of ['localhost', '127.0.0.1', '[::1]', 'a.localhost'])
    expect(isMixedContent(page, `http://${host}:8080`)).toBe(false)
})
