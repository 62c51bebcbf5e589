import type { Words } from './en.ts'

/** Simplified Chinese for the page of several consoles. */
export const zhConsoles: Words['consoles'] = {
  title: '控制台',
  count: '{count, plural, =0 {未打开控制台} other {# 个控制台}}',
  layout: '控制台布局',
  grid: '网格',
  tabs: '标签页',
  add: '添加控制台',
  full: '一个页面最多容纳 {most} 个控制台',
  addTitle: '并排打开控制台',
  addAbout: '最多选择 9 个。重新加载页面后会打开相同的控制台。',
  open: '{count, plural, =0 {打开} other {打开 # 个控制台}}',
  search: '按名称或 ID 查找服务器',
  servers: '服务器',
  loading: '正在加载服务器…',
  noneFound: '没有其他带控制台的匹配服务器。',
  moreFound: '还有 {count, number} 台服务器匹配。请输入更完整的名称。',
  room: '已选择 {chosen, number} / {room, number}',
  terminal: '{name} 的终端',
  alone: '仅显示 {name}',
  aloneTitle: '仅显示此控制台',
  close: '关闭 {name}',
  closeTitle: '关闭此控制台',
  leaveHint: '按 Ctrl+F6 转到下一个控制台',
}
