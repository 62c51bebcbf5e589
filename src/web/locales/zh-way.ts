import type { Words } from './en.ts'

/** Chinese for what was wrong on the way to the cloud or to a gateway. */
export const zhWay: Words['way'] = {
  'certificate-unknown':
    'BMS Console 不信任对方证书的颁发者。管理员可通过 OS_CACERT 添加该颁发者；仅用于网关时，使用 BMS_CONSOLE_GATEWAY_CACERT。',
  'certificate-expired': '对方的证书已过期，需由其运维方更新。',
  'certificate-early': '对方的证书尚未生效。请管理员检查本服务器和证书颁发方的时钟。',
  'certificate-name': '对方的证书属于其他名称（见技术详情）。可能是地址有误，也可能是其他主机在应答。',
  'no-tls': '对方未使用 TLS。请管理员检查端口，以及地址应以 http 还是 https 开头。',
  'name-unknown':
    '无法解析对方的名称。请管理员检查该名称和本服务器的 DNS。如果只有代理能解析该名称，请设置 HTTPS_PROXY。',
  refused: '对方拒绝连接：该端口没有服务。请管理员检查端口以及服务是否在运行。',
  'no-route': '没有到达对方的路由。请管理员检查本服务器的网络。',
  timeout: '对方未及时响应，可能被防火墙阻断。如果只能通过代理访问，请管理员设置 HTTPS_PROXY。',
  'proxy-credentials': '途经的代理要求其他凭证。请管理员检查 HTTPS_PROXY 或 HTTP_PROXY 中的用户名和密码。',
  'proxy-refused': '途经的代理拒绝建立连接。请管理员在代理上放行，或将该地址加入 NO_PROXY。',
  'proxy-failed': '途经的代理无法建立连接。如果本服务器可以直接访问，请管理员将该地址加入 NO_PROXY。',
  'proxy-timeout': '途经的代理未及时响应，可能被防火墙阻断。请管理员检查 HTTPS_PROXY 或 HTTP_PROXY。',
  'proxy-unreachable': '无法连接途经的代理。请管理员检查 HTTPS_PROXY 或 HTTP_PROXY；具体原因见技术详情。',
  goesOn: '系统将持续重试。',
}
