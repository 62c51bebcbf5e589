import type { Words } from './en.ts'

/** Chinese for a direct line in the relay's place. */
export const zhInPlace: Words['inPlace'] = {
  direct: '您的浏览器直接连接网关',
  directNext:
    'BMS Console 无法访问该网关。此线路不支持他人加入；连接断开期间服务器的输出会丢失，页面也无法确认您的按键是否送达。',
  why: 'BMS Console 无法访问的原因',
  none: '您的浏览器也无法连接',
  noneNext: '浏览器已先用单独的链接尝试过。要让浏览器再次尝试，请重新加载页面。',
  read: '知道了',
}
