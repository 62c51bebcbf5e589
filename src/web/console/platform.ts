/** `platform` is deprecated, but only Chromium has its successor. A wrong answer costs little: a hint or a chord. */
export const onMac = navigator.platform.startsWith('Mac')
export const keyPlatform = onMac ? 'mac' : navigator.platform.startsWith('Win') ? 'windows' : 'other'
