import { describe, expect, it } from 'vitest'
import { bearerOf } from './embed-mode.ts'

describe('the bearer of a request', () => {
  it.each([
    [{}, { bearer: 'none' }],
    [{ authorization: 'Basic YTpi' }, { bearer: 'none' }],
    [{ authorization: 'Bearer abc' }, { bearer: 'one', value: 'abc' }],
    [{ authorization: 'bearer  abc' }, { bearer: 'one', value: 'abc' }],
    [{ authorization: 'Bearer\tabc' }, { bearer: 'one', value: 'abc' }],
    [{ authorization: 'Bearer=abc' }, { bearer: 'one', value: '=abc' }],
    [{ authorization: 'Bearer' }, { bearer: 'one', value: '' }],
    [{ authorization: 'Bearer ' }, { bearer: 'one', value: '' }],
    [{ 'sec-websocket-protocol': 'bms-console.v1' }, { bearer: 'none' }],
    [{ 'sec-websocket-protocol': 'bms-console.v1, bms-console.bearer.abc' }, { bearer: 'one', value: 'abc' }],
    [{ 'sec-websocket-protocol': 'bms-console.bearer.' }, { bearer: 'one', value: '' }],
    [{ 'sec-websocket-protocol': 'bms-console.bearer.a,bms-console.bearer.b' }, { bearer: 'several' }],
    [{ authorization: 'Bearer a', 'sec-websocket-protocol': 'bms-console.bearer.a' }, { bearer: 'several' }],
  ])('%j: %j', (headers, expected) => {
    expect(bearerOf({ headers })).toEqual(expected)
  })
})
