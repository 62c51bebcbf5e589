import type { Words } from './en.ts'
import { causes } from './zh-causes.ts'
import { zhConsole } from './zh-console.ts'
import { zhConsoles } from './zh-consoles.ts'
import { zhInPlace } from './zh-in-place.ts'
import { zhPages } from './zh-pages.ts'
import { zhPower } from './zh-power.ts'
import { zhSendKeys } from './zh-send-keys.ts'
import { zhServer } from './zh-server.ts'
import { zhSharing } from './zh-sharing.ts'
import { zhTerminal } from './zh-terminal.ts'
import { zhTools } from './zh-tools.ts'
import { zhWay } from './zh-way.ts'

/** Simplified Chinese, with 您. CONTRIBUTING.md has its glossary. */
export const zh: Words = {
  causes,
  shell: {
    tryAgain: '重试',
    missing: '此部分无法加载。',
    outdated: '此页面来自 BMS Console 的早期版本。请重新加载页面以打开此部分。',
    reload: '重新加载页面',
    close: '关闭',
    skip: '跳到主要内容',
    theme: '切换到{theme}主题',
    light: '浅色',
    dark: '深色',
    notFound: '页面不存在',
    notFoundNext: '请检查地址，或前往服务器列表。',
    toList: '全部服务器',
    detail: '技术详情',
    permission: '缺少权限 {permission}。',
    nextTry: '最早在 {time} 后再次请求云平台',
    nextTryNow: '现在可以再次请求云平台',
    cancel: '取消',
  },
  power: {
    title: '电源',
    of: '{name} 的电源',
    actions: {
      'power-on': '开机',
      reboot: '重启',
      'hard-reboot': '强制重启',
      'power-off': '关机',
      nmi: '发送 NMI',
    },
    states: {
      off: '已关机',
      rebooting: '正在重启',
      'powering-on': '正在开机',
      'powering-off': '正在关机',
      other: '操作进行中',
    },
  },
  durations: { s: '{n} 秒', min: '{n} 分钟', h: '{n} 小时', d: '{n} 天' },
  sizes: { bytes: '{size} B', kib: '{size} KiB', mib: '{size} MiB' },
  ...zhPages,
  powering: zhPower,
  console: zhConsole,
  consoles: zhConsoles,
  server: zhServer,
  way: zhWay,
  inPlace: zhInPlace,
  sharing: zhSharing,
  sendKeys: zhSendKeys,
  ...zhTools,
  ...zhTerminal,
  embed: {
    waiting: '正在等待门户',
    opening: '正在打开控制台',
    alone: {
      title: '请从门户打开此控制台',
      next: '请返回门户重新打开。每张票据只能使用一次，重新加载页面后失效。',
    },
    misplaced: {
      title: '此门户无权显示控制台',
      next: '管理员请注意：请将其来源 {origin} 加入 BMS_CONSOLE_EMBED_ORIGINS。',
      nextUnknown:
        '门户没有发送问候消息。管理员请注意：请将其确切来源加入 BMS_CONSOLE_EMBED_ORIGINS，并从门户发送“hello”。',
    },
    over: {
      title: '您对此控制台的访问已过期',
      next: '如需继续，请从门户重新打开。在此之前，输出会保留在此处。',
    },
  },
}
