/** How a line's bytes are characters, both ways. */
export const lineEncodings = ['utf-8', 'iso-8859-1', 'gbk', 'big5', 'shift_jis', 'euc-kr', 'cp437'] as const
export type EncodingName = (typeof lineEncodings)[number]

/** The same in every language */
export const encodingNames: Record<EncodingName, string> = {
  'utf-8': 'UTF-8',
  'iso-8859-1': 'ISO-8859-1',
  gbk: 'GBK',
  big5: 'Big5',
  shift_jis: 'Shift-JIS',
  'euc-kr': 'EUC-KR',
  cp437: 'CP437',
}
