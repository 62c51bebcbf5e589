import { describe, expect, it } from 'vitest'
import { addressMatcher, addressRange, networkOf } from './addresses.ts'

describe('addressMatcher', () => {
  const matches = addressMatcher(['192.0.2.7', '10.1.0.0/16', 'fd00:1::/64', '::1'])

  it.each([
    ['192.0.2.7', true],
    ['::ffff:192.0.2.7', true],
    ['::FFFF:10.1.255.1', true],
    ['::ffff:a01:ff01', true],
    ['192.0.2.8', false],
    ['10.2.0.1', false],
    ['fd00:1::abcd', true],
    ['fd00:1:0:1::abcd', false],
    ['fd00:1::1%eth0', true],
    ['::1', true],
    ['::2', false],
    ['', false],
    ['localhost', false],
    ['192.0.2.7, 203.0.113.1', false],
    [undefined, false],
  ])('%s: %s', (address, expected) => {
    expect(matches(address)).toBe(expected)
  })

  it('trusts nobody when nobody is named', () => {
    expect(addressMatcher([])('127.0.0.1')).toBe(false)
  })
})

describe('addressRange', () => {
  it.each([
    'proxy',
    '10.0.0.0/33',
    '10.0.0.0/0',
    '::/0',
    '10.0.0.1/',
    '10.0.0.1/8/8',
    'fe80::1%eth0',
    '10.0.0',
    '/8',
    '10.0.0.1/-1',
  ])('refuses %s', (value) => {
    expect(addressRange(value)).toBeNull()
  })
})

describe('networkOf', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::6', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['1::', '1:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['1:2:3:4:5:6:192.0.2.1', '1:2:3:4::/64'],
    ['nonsense', 'unknown'],
  ])('%s is of %s', (address, network) => {
    expect(networkOf(address)).toBe(network)
  })
})
