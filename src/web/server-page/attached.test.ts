import { expect, it } from 'vitest'
import { shownDisks, shownNics } from './attached.ts'

const known = {
  network: 'provider',
  mac: 'fa:16:3e:00:00:01',
  addresses: [
    { address: '192.0.2.11', version: 4, kind: 'fixed' },
    { address: '198.51.100.1', version: 4, kind: 'floating' },
  ],
} as const
const nic = { ...known, addresses: [...known.addresses] }
const attached = {
  port: 'port-1',
  mac: 'FA:16:3E:00:00:01',
  network: 'net-1',
  state: 'ACTIVE',
  addresses: [
    { address: '192.0.2.11', subnet: 'sub-1' },
    { address: '2001:db8::11', subnet: 'sub-2' },
  ],
}

it('a card has what both answers say of it', () => {
  expect(shownNics([nic], [attached])).toEqual([
    {
      mac: known.mac,
      port: 'port-1',
      network: 'provider',
      more: attached,
      addresses: [
        { address: '192.0.2.11', version: 4, kind: 'fixed', subnet: 'sub-1' },
        { address: '198.51.100.1', version: 4, kind: 'floating' },
        { address: '2001:db8::11', subnet: 'sub-2' },
      ],
    },
  ])
})

it('a card is known again by its port before its MAC address', () => {
  const [first, second] = shownNics(
    [
      { ...nic, port: 'a' },
      { ...nic, port: 'b' },
    ],
    [
      { port: 'b', mac: known.mac, state: 'DOWN', addresses: [] },
      { port: 'a', mac: known.mac, state: 'ACTIVE', addresses: [] },
    ],
  )
  expect([first?.more?.state, second?.more?.state]).toEqual(['ACTIVE', 'DOWN'])
})

it('a card without an address is there, too, and one that only the server names', () => {
  const nics = shownNics([nic], [{ port: 'port-2', mac: 'fa:16:3e:00:00:02', addresses: [] }])
  expect(nics.map(({ mac, more }) => [mac, more !== null])).toEqual([
    ['fa:16:3e:00:00:01', false],
    ['fa:16:3e:00:00:02', true],
  ])
  expect(shownNics([nic], null)).toHaveLength(1)
})

it('a volume has what both answers say of it, in the order of the server’s own', () => {
  expect(
    shownDisks(
      [
        { id: 'b', device: '/dev/sdb', boot: true },
        { id: 'c', device: '/dev/sdc' },
      ],
      [
        { id: 'a', device: '/dev/sda', detail: { sizeGiB: 1 } },
        { id: 'b', tag: 'root', deletedWithServer: true, detail: { sizeGiB: 80 } },
      ],
    ),
  ).toEqual([
    {
      id: 'b',
      device: '/dev/sdb',
      boot: true,
      tag: 'root',
      deletedWithServer: true,
      detail: { sizeGiB: 80 },
    },
    { id: 'c', device: '/dev/sdc' },
    { id: 'a', device: '/dev/sda', detail: { sizeGiB: 1 } },
  ])
})
