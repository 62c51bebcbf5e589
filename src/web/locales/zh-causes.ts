import type { Words } from './en.ts'

export const causes: Words['causes'] = {
  'bad-request': {
    title: '请求无效',
    next: '请返回列表，重新打开该服务器。',
  },
  'signed-out': {
    title: '云平台拒绝了 BMS Console 的凭证',
    next: '请联系管理员检查凭证，然后重新连接。',
  },
  'no-permission': {
    title: '您没有权限',
    next: '请向云管理员申请权限。',
  },
  'server-not-found': { title: '未找到服务器', next: '请返回列表，选择其他服务器。' },
  'server-not-ready': {
    title: '服务器尚未就绪，无法打开控制台',
    next: '系统将持续重试，直到服务器就绪。',
  },
  'server-not-running': {
    title: '服务器已关机',
    next: '请开机。系统将持续重试，直到服务器运行。',
  },
  'server-busy': {
    title: '服务器当前状态不支持此操作',
    next: '请等待当前操作结束，再查看服务器状态。',
  },
  'unsupported-os': {
    title: 'Windows 不支持串行控制台',
    next: '云平台不为 Windows 服务器提供串行控制台，请改用远程桌面。',
  },
  'no-serial-console': {
    title: '此服务器没有串行控制台',
    next: '请联系云管理员在其宿主机上启用串行控制台，然后重新连接。',
  },
  throttled: { title: '请求过于频繁', next: '限制解除后，系统将立即重试。' },
  'cloud-timeout': { title: '云平台无响应', next: '系统将持续重试。' },
  'cloud-unreachable': {
    title: '无法连接云平台',
    next: 'BMS Console 无法连接云平台。系统将持续重试。',
  },
  'cloud-error': {
    title: '云平台请求失败',
    next: '云平台返回了错误或无法识别的响应。系统将持续重试。',
  },
  'no-endpoint': {
    title: '云平台在此区域没有服务器服务',
    next: '请联系管理员检查 BMS Console 的区域和接口设置。',
  },
  'list-incomplete': {
    title: '列表不完整',
    next: '云平台在列出全部服务器之前出错。请刷新列表。',
  },
  'answer-too-long': {
    title: '云平台的响应过长',
    next: '请将下方的技术详情发送给管理员。',
  },
  'console-url-refused': {
    title: '网关不受信任',
    next: '如果这是您的网关，请联系管理员将其加入 BMS_CONSOLE_GATEWAYS。',
  },
  'gateway-unreachable': { title: '无法连接网关', next: '系统将使用新链接持续重试。' },
  'gateway-not-encrypted': {
    title: '浏览器不会打开未加密的网关',
    next: '此页面使用 https，而网关使用未加密的 ws。请联系管理员在网关前启用 TLS，或将 BMS_CONSOLE_TRANSPORT 设为 relay。',
  },
  'gateway-forbidden': {
    title: '此页面无权访问网关',
    next: '请重新加载页面。如果仍然无效：页面的安全策略无法指定 IPv6 地址，请联系管理员为网关配置主机名，或将 BMS_CONSOLE_TRANSPORT 设为 relay。',
  },
  'gateway-hung-up': {
    title: '网关在发送数据前断开了连接',
    next: '可能是网关拒绝了该链接，也可能是服务器的宿主机已停机：两种情况下网关的表现相同。下次重试将使用新链接。',
  },
  'origin-doubtful': {
    title: '网关立即断开了连接',
    next: '可能是网关拒绝了此页面或该链接，也可能是服务器的宿主机已停机：各种情况下网关的表现相同。下次重试将使用新链接。',
  },
  'origin-refused': {
    title: '网关每次都断开连接',
    next: '网关对多个新链接均在发送数据前断开。如果服务器的宿主机已停机，请在其恢复后重新连接；否则是网关拒绝了此页面，请联系管理员在网关上放行此页面的来源（[console] allowed_origins），或将传输方式设为中继。',
  },
  'gateway-closed': { title: '网关关闭了连接', next: '系统将使用新链接重新连接。' },
  'gateway-silent': {
    title: '网关停止响应',
    next: '系统将使用新链接重新连接。',
  },
  'network-lost': {
    title: '您已离线',
    next: '请检查网络。网络恢复后，系统将自动重新连接。',
  },
  'relay-silent': {
    title: 'BMS Console 停止响应',
    next: '系统将重新连接。如果问题持续，请检查网络。',
  },
  'in-use': {
    title: '此控制台可能正在使用',
    next: '打开它可能会中断他人的线路。',
  },
  'taken-over': { title: '此控制台已在其他标签页中打开', next: '如需在此处使用，请重新连接。' },
  'idle-limit': { title: '会话已超时', next: '长时间无人输入。如需继续，请重新连接。' },
  'time-limit': { title: '会话已达到时长上限', next: '请重新连接以开始新的会话。' },
  'session-limit': {
    title: '打开的控制台过多',
    next: '请等待其他控制台关闭，或联系管理员调大 BMS_CONSOLE_MAX_SESSIONS。',
  },
  'user-limit': { title: '您打开的控制台过多', next: '请关闭其中一个，然后重新连接。' },
  'viewer-limit': {
    title: '此控制台的查看者过多',
    next: '请等待其中一位离开，然后重新连接。',
  },
  'operator-ended': {
    title: '此控制台已被结束，所有人均已断开',
    next: '重新连接前，请先与结束者确认。',
  },
  'no-viewer': {
    title: '所有人均已离开，此控制台已关闭',
    next: '如需再次打开，请重新连接。',
  },
  'ticket-refused': { title: '票据已使用或已过期', next: '系统将获取新票据。' },
  'protocol-error': {
    title: '网关的响应异常',
    next: '请将下方的技术详情发送给管理员。',
  },
  'page-outdated': {
    title: '此页面的版本低于服务端',
    next: '请重新加载页面。',
  },
  'log-off': {
    title: '历史输出未启用',
    next: '如需保存服务器的输出，请联系管理员设置 BMS_CONSOLE_LINE_LOG_DIR。',
  },
  'boot-not-found': {
    title: '未找到该次启动',
    next: '请选择其他启动记录，或转到历史输出的末尾。',
  },
  'recordings-off': {
    title: '录制未启用',
    next: '如需启用，请联系管理员设置 BMS_CONSOLE_RECORDINGS。',
  },
  'recording-not-found': { title: '未找到录像', next: '请返回录像列表。' },
  'recording-under-way': {
    title: '此控制台仍在录制',
    next: '请在录制结束后删除。',
  },
  'recording-kept': {
    title: '不能在此处删除录像',
    next: '录像将保留至到期。如需提前删除，请联系管理员。',
  },
  'recording-limit': {
    title: '处理此录像的开销过大',
    next: '搜索或导出所需的时间或内存超出服务端的限制。请改为下载 asciicast 文件。',
  },
  'recordings-busy': {
    title: '同时进行的搜索和导出过多',
    next: '请在一分钟后重试。',
  },
  'audit-off': {
    title: '审计日志未启用',
    next: '如需启用，请联系管理员将 BMS_CONSOLE_AUDIT 设为 stdout 或 file。',
  },
  'sign-in-needed': { title: '您已退出登录', next: '登录状态已过期。请重新登录以继续。' },
  'sign-in-throttled': { title: '登录失败次数过多', next: '请稍后重试。' },
  'sign-in-failed': {
    title: '登录失败',
    next: '请重试。如果仍然失败，请将下方的技术详情发送给管理员。',
  },
  'credentials-refused': {
    title: '云平台拒绝了该凭证',
    next: '请检查输入内容，然后重试。',
  },
  'code-needed': { title: '此账号需要验证码', next: '请输入身份验证器应用中的验证码。' },
  'no-role': {
    title: '您在此处没有角色',
    next: '您已登录，但您所属的用户组均无访问权限。请向管理员申请角色。',
  },
  'no-project': {
    title: '您不属于云平台中的任何项目',
    next: '请联系云管理员将您加入项目。',
  },
  'role-forbids': {
    title: '您的角色不允许此操作',
    next: '请向管理员申请具备此权限的角色。',
  },
  'launch-refused': {
    title: '此票据无效',
    next: '请从门户重新打开控制台。如果仍然失败，请将下方的技术详情发送给门户管理员。',
  },
  'embed-off': {
    title: '此控制台不能嵌入到此处',
    next: '请联系管理员将此页面加入 BMS_CONSOLE_EMBED_ORIGINS。',
  },
  'proxy-unreachable': { title: '无法连接 BMS Console', next: '系统将持续重试。' },
  'proxy-restarting': { title: 'BMS Console 正在重启', next: '重启完成后，系统将自动重新连接。' },
  'proxy-restarted': {
    title: 'BMS Console 已重启',
    next: '正在重新连接。其间服务器的输出已丢失。',
  },
  'line-moved': { title: '此控制台已迁移', next: '现由 BMS Console 的另一个副本接管。正在重新连接。' },
  'store-unreachable': {
    title: 'BMS Console 无法连接其存储',
    next: '系统将持续重试。存储恢复后，控制台将自动恢复。',
  },
  'too-many-requests': {
    title: '来自此处的请求过于频繁',
    next: 'BMS Console 对每个用户和地址限制请求频率。系统将稍后重试。',
  },
  overloaded: {
    title: 'BMS Console 过载',
    next: '已打开的控制台不受影响。系统将稍后重试。',
  },
  'proxy-error': { title: 'BMS Console 出错', next: '原因见其日志。系统将持续重试。' },
}
