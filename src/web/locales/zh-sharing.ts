import type { enSharing } from './en-sharing.ts'

/** See `en-sharing.ts`. */
export const zhSharing: typeof enSharing = {
  onThisLine: '查看者',
  watches: '只能旁观',
  owner: '所有者',
  hand: '移交',
  handTo: '将输入权移交给 {name}',
  takeFrom: '从 {name} 获取输入权',
  releaseKeyboard: '释放输入权',
  endForAll: '对所有人结束…',
  endTitle: '要对所有人结束此控制台吗？',
  endWarning:
    '{others, plural, =0 {您将与 {name} 断开连接。} other {您和其他 # 位查看者将与 {name} 断开连接，他们会看到是您结束了控制台。}}服务器将继续运行。',
  end: '对所有人结束',
}
