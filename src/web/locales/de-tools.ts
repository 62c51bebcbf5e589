import type { enTools } from './en-tools.ts'

/** See `en-tools.ts`. */
export const deTools: typeof enTools = {
  bar: {
    copy: 'Kopieren',
    nothingSelected: 'Im Terminal ist nichts ausgewählt',
    view: 'Ansicht',
    session: 'Sitzung',
    more: 'Weitere Werkzeuge',
    larger: 'Größerer Text',
    smaller: 'Kleinerer Text',
    usual: 'Normale Textgröße',
    theme: 'Farbschema',
    themes: { system: 'System', light: 'Hell', dark: 'Dunkel' },
    screenReader: 'Screenreader-Modus',
    fullScreen: 'Vollbild',
    leaveFullScreen: 'Vollbild verlassen',
    record: 'Aufzeichnen',
    recordForbidden: 'Ihre Rolle darf nicht aufzeichnen',
    stopRecording: 'Aufzeichnung beenden',
    history: 'Verlauf',
    download: 'Terminalpuffer herunterladen',
  },
  shortcuts: {
    title: 'Tastenkürzel',
    about: 'Jede andere Taste geht an den Server.',
    close: 'Schließen',
    or: 'oder',
    where: { terminal: 'Im Terminal', page: 'Außerhalb des Terminals' },
    does: {
      copy: 'Auswahl kopieren',
      paste: 'Einfügen',
      larger: 'Größerer Text',
      smaller: 'Kleinerer Text',
      usual: 'Normale Textgröße',
      leave: 'Terminal verlassen',
      shortcuts: 'Diese Liste zeigen',
    },
  },
}
