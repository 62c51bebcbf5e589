import type { WayFault } from '../../shared/cause.ts'

/** English for what was wrong on the way to the cloud or to a gateway. It loads when that is first said. */
export const enWay: Record<WayFault | 'goesOn', string> = {
  'certificate-unknown':
    "BMS Console doesn't trust the issuer of its certificate. For administrators: add the issuer with OS_CACERT, for gateways alone with BMS_CONSOLE_GATEWAY_CACERT.",
  'certificate-expired': 'Its certificate has expired. The operator of that host needs to renew it.',
  'certificate-early':
    "Its certificate isn't valid yet. For administrators: check the clocks of this server and of the one that issued it.",
  'certificate-name':
    'Its certificate is for other names, which are in the details. Either the address is wrong, or someone else answers there.',
  'no-tls':
    "It doesn't speak TLS there. For administrators: check the port, and whether the address begins with http or https.",
  'name-unknown':
    "Its name doesn't resolve. For administrators: check the name and this server's DNS. If only a proxy knows the name, set HTTPS_PROXY.",
  refused:
    'It refused the connection: nothing listens there. For administrators: check the port and whether the service runs.',
  'no-route': "There is no route to it. For administrators: check this server's network.",
  timeout:
    'It did not answer in time. A firewall may be in the way. If it is only reached through a proxy, administrators set HTTPS_PROXY.',
  'proxy-credentials':
    'The proxy on the way wants other credentials. For administrators: check the name and password in HTTPS_PROXY or HTTP_PROXY.',
  'proxy-refused':
    'The proxy on the way refuses to connect. For administrators: allow it there, or add it to NO_PROXY.',
  'proxy-failed':
    "The proxy on the way couldn't connect. For administrators: if this server reaches it by itself, add it to NO_PROXY.",
  'proxy-timeout':
    'The proxy on the way did not answer in time. A firewall may be in the way. For administrators: check HTTPS_PROXY or HTTP_PROXY.',
  'proxy-unreachable':
    "Can't connect to the proxy on the way. For administrators: check HTTPS_PROXY or HTTP_PROXY; the details say what happened.",
  goesOn: "We'll keep trying.",
}
