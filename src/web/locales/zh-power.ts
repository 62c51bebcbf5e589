import type { Words } from './en.ts'

/** Chinese for power. */
export const zhPower: Words['powering'] = {
  askFirst: '{action}…',
  ask: '要{action} {name} 吗？',
  lost: {
    'power-on': '不会丢失任何内容。服务器启动时的输出会显示在其控制台中。',
    reboot: '将请求操作系统重启。所有正在使用的人都会中断，未及时停止的程序会丢失未保存的数据。',
    'hard-reboot': '这是硬件复位，不通知操作系统。未写入磁盘的数据会丢失，文件系统可能需要修复。',
    'power-off':
      '运行的一切都将停止，且在开机之前无法访问。有些云平台会先通知操作系统；有些会立即断电，未写入磁盘的数据会丢失。',
    nmi: '不可屏蔽中断会停止操作系统，无论它正在做什么。大多数系统将其视为崩溃：如已配置，会写入崩溃转储，然后重启。未写入磁盘的数据会丢失。',
  },
  forced: {
    reboot: '此云平台的每次重启都是强制的，不通知操作系统。未写入磁盘的数据会丢失，文件系统可能需要修复。',
    'power-off': '运行的一切都将停止，且在开机之前无法访问。此云平台会立即断电，未写入磁盘的数据会丢失。',
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
}
