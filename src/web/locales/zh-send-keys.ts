import type { enSendKeys } from './en-send-keys.ts'

/** See `en-send-keys.ts`. */
export const zhSendKeys: typeof enSendKeys = {
  ask: '要通过 SysRq {key} 执行“{action}”吗？',
  sysrq: {
    h: '帮助',
    s: '同步磁盘',
    u: '重新挂载为只读',
    b: '立即重启…',
    e: '终止所有进程…',
    i: '强制结束所有进程…',
    t: '显示进程',
    m: '显示内存',
    w: '显示阻塞的进程',
    f: '触发 OOM Killer',
    r: '退出键盘原始模式',
    o: '关机…',
  },
  lost: {
    b: '内核将立即重启服务器。程序不会正常停止，磁盘不会同步，未保存的数据会丢失。',
    e: '内核将终止除 init 以外的所有程序（SIGTERM）。服务和所有人的 Shell 都会停止。',
    i: '内核将强制结束除 init 以外的所有程序（SIGKILL）。未保存的数据会丢失。',
    o: '内核将立即关闭服务器。程序不会正常停止，未保存的数据会丢失。',
  },
  names: {
    interrupt: '中断',
    endOfInput: '输入结束',
    suspend: '挂起',
    quit: '退出',
    eraseWord: '删除单词',
    eraseLine: '删除整行',
    clearScreen: '清屏',
  },
  noSysrq: '不可用：Web 网关无法发送 BREAK 信号，且未配置 SysRq 序列',
}
