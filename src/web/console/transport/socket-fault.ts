/**
 * What ended a socket. A browser tells a page no more than that a connection failed, but what it forbids itself, it
 * tells in other ways.
 * `closed`: by the other end or the network. `late`: no answer in time. `silent`: it was open, but nothing came any
 * more. `not-encrypted`: a page on https opens no `ws:`. `forbidden`: the page's policy does not name the address.
 */
export const socketFaults = ['closed', 'late', 'silent', 'not-encrypted', 'forbidden'] as const
export type SocketFault = (typeof socketFaults)[number]
