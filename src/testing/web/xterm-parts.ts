/**
 * Checks the private parts of xterm.js that `terminal/xterm-buffer.ts` takes.
 * @returns what is missing or of another type, as paths
 */
export function missingParts(terminal: object): string[] {
  const service = '_core._bufferService.'
  const input = '_core._inputHandler.'
  const missing: string[] = []
  const expectType = (type: string, prefix: string, names: string) => {
    for (const name of names.split(' ')) {
      if (typeof at(terminal, prefix + name) !== type) missing.push(prefix + name)
    }
  }
  expectType('number', service, 'cols rows')
  expectType('boolean', service, 'isUserScrolling')
  expectType('function', service, 'scroll resize reset _onScroll.fire buffers.activateNormalBuffer')
  for (const buffer of ['active', 'normal', 'alt']) {
    const prefix = `${service}buffers.${buffer}.`
    expectType('number', prefix, 'x y ybase ydisp scrollTop scrollBottom savedX savedY')
    expectType('number', prefix, 'savedCurAttrData.fg savedCurAttrData.bg')
    expectType('number', prefix, 'lines.length lines.maxLength markers.length')
    expectType('function', prefix, 'lines.get lines.push lines.splice getBlankLine')
    expectType('function', prefix, 'lines.onInsert lines.onDelete lines.onTrim')
    expectType('function', prefix, 'clear fillViewportRows setupTabStops clearMarkers')
  }
  const line = `${service}buffers.normal.lines.get(0).`
  expectType(
    'function',
    line,
    'getFg getBg loadCell getWidth getTrimmedLength translateToString clone copyFrom',
  )
  expectType('function', line, 'getString isCombined addCodepointToCell')
  expectType('number', line, 'length _data.length')
  expectType('boolean', line, 'isWrapped')
  expectType('object', line, '_extendedAttrs')
  expectType('function', input, 'eraseInDisplay setMode resetMode setModePrivate resetModePrivate')
  expectType(
    'function',
    input,
    'repeatPrecedingCharacter markRangeDirty _setCursor restoreCursor _eraseAttrData',
  )
  expectType('number', input, '_parser.precedingJoinState')
  expectType('function', '_core.coreService.', 'onUserInput reset')
  expectType('boolean', '_core.coreService.', 'isCursorInitialized')
  expectType('object', '_core.coreService.', 'decPrivateModes')
  expectType('function', '_core._oscLinkService.', 'registerLink addLineToLink getLinkData')
  expectType('boolean', '_core.optionsService.rawOptions.', 'convertEol cursorBlink')
  return missing
}

function at(from: object, path: string): unknown {
  let value: unknown = from
  for (const name of path.split('.')) {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined
    value = name === 'get(0)' ? Reflect.get(value, 'get').call(value, 0) : Reflect.get(value, name)
  }
  return value
}
