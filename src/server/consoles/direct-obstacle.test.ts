import { expect, it } from 'vitest'
import { directObstacle } from './direct-obstacle.ts'

const TOKEN = 's3cr3t'
const HTTPS = 'https://console.example.com'
const obstacle = (gateway: string, page: string) => {
  const found = directObstacle(`${gateway}/serial/?token=${TOKEN}`, page)
  expect(JSON.stringify(found)).not.toContain(TOKEN)
  return found
}

it.each([
  ['wss://gateway.example.com', HTTPS],
  ['wss://192.0.2.7:6083', HTTPS],
  ['ws://gateway.example.com:6083', 'http://localhost:8080'],
  // These are on the browser's own computer.
  ['ws://127.0.0.1:6083', HTTPS],
  ['ws://localhost:6083', HTTPS],
])('lets a browser try %s from a page at %s', (gateway, page) => {
  expect(obstacle(gateway, page)).toBeNull()
})

it('knows that a page on https opens no gateway without TLS', () => {
  expect(obstacle('ws://gateway.example.com:6083', HTTPS)).toEqual({
    cause: 'gateway-not-encrypted',
    detail: 'The page is at https://console.example.com, the gateway at ws://gateway.example.com:6083.',
  })
})

it.each([HTTPS, 'http://127.0.0.1:8080'])(
  'knows that no policy can name an IPv6 address, from %s',
  (page) => {
    expect(obstacle('wss://[2001:db8::7]:6083', page)).toEqual({
      cause: 'gateway-forbidden',
      detail:
        'The gateway is at [2001:db8::7]:6083, and a Content Security Policy cannot name an IPv6 address.',
    })
  },
)
