import type { enFacets } from './en-facets.ts'

export const zhFacets: typeof enFacets = {
  facets: {
    filter: '筛选',
    filters: '筛选条件',
    active: '当前筛选条件',
    tag: '标签',
    systems: { linux: 'Linux', windows: 'Windows', unknown: '未知' },
    chosen: '{name}，已选 {count, number} 项',
    find: '查找：{name}',
    more: '还有 {count, number} 项。请输入文字查找。',
    nothing: '未找到',
    pair: '{name}：{value}',
    remove: '移除筛选条件 {name}：{value}',
    clear: '清除',
    clearAll: '清除筛选条件',
    show: '显示 {count, number} 台服务器',
  },
}
