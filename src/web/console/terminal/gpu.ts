/** Renderers that draw with the CPU: Chromium's SwiftShader, Mesa's llvmpipe and softpipe, Windows' WARP. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i

/**
 * Whether WebGL is drawn by a GPU here. Where it is emulated (a virtual desktop, a blocked driver), the DOM renderer
 * takes a flood about four times as fast: 1.4 MB/s against 6, measured with SwiftShader on two cores. Asking for
 * `failIfMajorPerformanceCaveat` does not tell: Chromium's SwiftShader passes it.
 * https://registry.khronos.org/webgl/extensions/WEBGL_debug_renderer_info/
 */
export function hasGpu(): boolean {
  const context = document
    .createElement('canvas')
    .getContext('webgl2', { failIfMajorPerformanceCaveat: true })
  if (!context) return false
  const info = context.getExtension('WEBGL_debug_renderer_info')
  // Firefox has no such extension any more: its RENDERER tells by itself.
  const renderer: unknown = context.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : context.RENDERER)
  // Contexts are few: this one is given back at once.
  context.getExtension('WEBGL_lose_context')?.loseContext()
  return !SOFTWARE.test(String(renderer))
}
