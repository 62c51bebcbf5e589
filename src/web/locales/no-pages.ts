/** Takes the place of what the page to embed never says: the files of `en-pages.ts`, and of the pages, tools, power, several consoles, one server and the way to it of other languages. */
export const enPages = {}
export const dePages = {}
export const dePower = {}
export const deServer = {}
export const deTools = {}
export const zhPages = {}
export const zhPower = {}
export const zhServer = {}
export const zhTools = {}
export const deWay = {}
export const zhWay = {}
export const deConsoles = {}
export const zhConsoles = {}
