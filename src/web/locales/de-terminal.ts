import type { enTerminal } from './en-terminal.ts'

/** German for the tools that the console's page and the embedded console have in common. */
export const deTerminal: typeof enTerminal = {
  size: {
    title: 'Terminalgröße',
    fit: 'An Fenster anpassen',
    own: 'Eigene Größe …',
    chip: 'Terminalgröße: {columns} Spalten, {rows} Zeilen',
    follows: 'Bestimmt, wer die Tastatur hat',
    match: 'Größe am Server setzen',
    asksTitle: 'Ohne Shell-Prompt tippen?',
    asksAbout:
      'Auf dem Bildschirm ist kein Prompt einer Shell. Was dort gerade läuft, bekommt dies, als hätten Sie es getippt, mit der Eingabetaste am Ende.',
    asksType: 'Tippen',
    ownTitle: 'Eigene Terminalgröße',
    ownAbout: 'Bis zu {columns} Spalten und {rows} Zeilen.',
    columns: 'Spalten',
    rows: 'Zeilen',
    set: 'Größe setzen',
    outOfBounds: 'Geben Sie ganze Zahlen ein: 2 bis {columns} Spalten, 1 bis {rows} Zeilen.',
    offer: {
      both: 'Der Server schreibt für {columns} × {rows} Zeichen',
      columns: 'Der Server schreibt für {columns} Spalten',
      rows: 'Der Server schreibt für {rows} Zeilen',
    },
    offerNext:
      'Dieses Terminal hat {size}. Setzen Sie das am Server mit stty, oder nehmen Sie hier seine Größe.',
    take: 'Hier {size} nehmen',
    notNow: 'Jetzt nicht',
  },
  find: {
    title: 'Im Terminalpuffer suchen',
    label: 'Suchen',
    matchCase: 'Groß- und Kleinschreibung beachten',
    regex: 'Regulärer Ausdruck',
    previous: 'Vorheriger Treffer',
    next: 'Nächster Treffer',
    close: 'Schließen',
    none: 'Keine Treffer',
    count: '{count, plural, one {# Treffer} other {# Treffer}}',
    more: 'mehr als {count, number} Treffer',
    of: '{index, number} von {count, number}',
    invalid: 'Kein gültiger regulärer Ausdruck',
    'too-hard': 'Dieser Ausdruck dauert zu lange. Versuchen Sie einen einfacheren.',
    failed: 'Die Suche wurde nicht geladen. Prüfen Sie die Verbindung, und tippen Sie noch einmal.',
    nothing: 'Nicht im Terminalpuffer.',
    history: 'Im ganzen Verlauf suchen',
  },
  bottom: {
    jump: 'Zur letzten Zeile springen',
    lines: '{count, plural, one {# neue Zeile} other {# neue Zeilen}}',
  },
  encoding: {
    title: 'Zeichensatz',
    option: '{name} · {of}',
    of: {
      'utf-8': 'Unicode',
      'iso-8859-1': 'Westeuropa',
      gbk: 'Chinesisch, vereinfacht',
      big5: 'Chinesisch, traditionell',
      shift_jis: 'Japanisch',
      'euc-kr': 'Koreanisch',
      cp437: 'Firmware, DOS',
    },
    sevenBit: 'Diese Leitung überträgt sieben Bits',
    chosen: 'Neue Ausgabe wird als {encoding} gelesen, und so wird getippt',
    readAgain: 'Auch das Bisherige neu lesen?',
    readAgainAbout:
      'Was BMS Console von dieser Leitung noch hat, wird als {encoding} neu gelesen. Was diese Seite darüber hinaus hat, verschwindet aus dem Terminal.',
    readAgainLog: 'Im Protokoll der Leitung bleibt es.',
    readAgainBusy:
      'Beenden Sie erst das Einfügen, oder senden oder verwerfen Sie die Tasten, die nicht angekommen sind.',
    again: 'Neu lesen',
    onlyNew: 'Nur neue Ausgabe',
    offer: 'Diese Leitung sieht nicht nach UTF-8 aus',
    offerNext:
      'Sie hat vielleicht einen anderen Zeichensatz oder eine andere Geschwindigkeit. Die Wahl wird für diesen Server gemerkt.',
    pick: 'Wählen …',
    use: 'Diesen Zeichensatz verwenden',
    keep: 'UTF-8 behalten',
  },
}
