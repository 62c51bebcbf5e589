import type { Page } from '@playwright/test'

/** The test browser emulates WebGL; here it claims a GPU. */
export async function claimGpu(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const UNMASKED_RENDERER_WEBGL = 0x9246
    const { getParameter } = WebGL2RenderingContext.prototype
    WebGL2RenderingContext.prototype.getParameter = function (name) {
      return name === UNMASKED_RENDERER_WEBGL ? 'A GPU' : getParameter.call(this, name)
    }
  })
}
