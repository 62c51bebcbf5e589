import { describe, expect, it } from 'vitest'
import { paths } from '../shared/api.ts'
import { testApp } from '../testing/app.ts'
import { requestIdOf } from './request-log.ts'

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/

describe("a request's id", () => {
  it('is the one that a proxy gave it, if that is plain', () => {
    expect(requestIdOf({ headers: { 'x-request-id': '4b0f-from-nginx' } })).toBe('4b0f-from-nginx')
    for (const given of ['short', 'x'.repeat(65), 'with spaces in it', 'two\nlines-of-log', undefined])
      expect(requestIdOf({ headers: { 'x-request-id': given } })).toMatch(UUID)
  })

  it('is told in the answer and in the log', async () => {
    const { app, log } = await testApp()
    const response = await app.inject({ url: paths.about(), headers: { host: 'console.test' } })
    const id = response.headers['x-request-id']
    expect(id).toMatch(UUID)
    expect(log.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ msg: 'request', reqId: id, status: 200 }),
    )
  })
})
