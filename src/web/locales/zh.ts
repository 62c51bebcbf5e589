import type { Words } from './en.ts'
import { causes } from './zh-causes.ts'
import { zhConsole } from './zh-console.ts'
import { zhConsoles } from './zh-consoles.ts'
import { zhPages } from './zh-pages.ts'
import { zhTools } from './zh-tools.ts'

/** Simplified Chinese, with 您. CONTRIBUTING.md has its glossary. */
export const zh: Words = {
  causes,
  shell: {
    tryAgain: '重试',
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
    },
    askFirst: '{action}…',
    ask: '要{action} {name} 吗？',
    lost: {
      'power-on': '服务器将启动，其输出会显示在控制台中。',
      reboot:
        '将请求 {name} 的操作系统重启。服务器上所有人的工作都会中断，未及时停止的程序会丢失未保存的数据。',
      'hard-reboot': '将立即复位 {name}，不通知其操作系统。未写入磁盘的数据会丢失，文件系统可能需要修复。',
      'power-off':
        '{name} 上运行的一切都将停止，且在开机之前无法访问。有些云平台会先通知操作系统；有些会立即断电，未写入磁盘的数据会丢失。',
    },
    accepted: '{action}请求已提交',
    notAccepted: '{action}未得到确认',
    noPermission: '需要云管理员授权',
    lookFirst: '重试前请先检查服务器的状态。',
    roleForbids: '您的角色不允许此操作',
    obstacles: {
      'already-on': '已开机',
      'already-off': '已关机',
      'powered-off': '服务器已关机，请先开机。',
      'task-under-way': '其他操作正在进行',
      locked: '服务器已在云平台中锁定',
      building: '服务器仍在创建',
      deleted: '服务器已删除',
      'in-error': '服务器处于错误状态，请使用“强制重启”。',
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
  console: zhConsole,
  consoles: zhConsoles,
  ...zhTools,
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
