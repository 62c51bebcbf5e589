import type { Words } from './en.ts'

export const causes: Words['causes'] = {
  'bad-request': {
    title: 'Die Anfrage ist ungültig',
    next: 'Gehen Sie zurück zur Liste und öffnen Sie den Server erneut.',
  },
  'signed-out': {
    title: 'Die Cloud hat die Zugangsdaten von BMS Console abgelehnt',
    next: 'Bitten Sie Ihre Administration, sie zu prüfen, und verbinden Sie dann neu.',
  },
  'no-permission': {
    title: 'Ihnen fehlt die Berechtigung',
    next: 'Bitten Sie Ihre Cloud-Administration um Zugriff.',
  },
  'server-not-found': {
    title: 'Server nicht gefunden',
    next: 'Gehen Sie zurück zur Liste und wählen Sie einen anderen Server.',
  },
  'server-not-ready': {
    title: 'Der Server ist noch nicht bereit für eine Konsole',
    next: 'Wir versuchen es weiter, bis er bereit ist.',
  },
  'server-not-running': {
    title: 'Der Server ist ausgeschaltet',
    next: 'Schalten Sie ihn ein. Wir versuchen es weiter, bis er läuft.',
  },
  'server-busy': {
    title: 'Der Server kann das in seinem jetzigen Zustand nicht',
    next: 'Warten Sie, bis der laufende Vorgang endet, und prüfen Sie dann seinen Zustand.',
  },
  'unsupported-os': {
    title: 'Keine serielle Konsole unter Windows',
    next: 'Die Cloud bietet sie für Windows-Server nicht an. Nutzen Sie stattdessen Remotedesktop.',
  },
  'no-serial-console': {
    title: 'Keine serielle Konsole für diesen Server',
    next: 'Bitten Sie Ihre Cloud-Administration, serielle Konsolen auf seinem Host zu aktivieren, und verbinden Sie dann neu.',
  },
  throttled: { title: 'Zu viele Anfragen', next: 'Wir versuchen es wieder, sobald es erlaubt ist.' },
  'cloud-timeout': { title: 'Die Cloud antwortet nicht', next: 'Wir versuchen es weiter.' },
  'cloud-unreachable': {
    title: 'Die Cloud ist nicht erreichbar',
    next: 'BMS Console kann keine Verbindung herstellen. Wir versuchen es weiter.',
  },
  'cloud-error': {
    title: 'Die Anfrage an die Cloud ist fehlgeschlagen',
    next: 'Die Antwort der Cloud war ein Fehler oder nicht lesbar. Wir versuchen es weiter.',
  },
  'no-endpoint': {
    title: 'Die Cloud hat in dieser Region keine Server',
    next: 'Bitten Sie Ihre Administration, Region und Interface in den Einstellungen der BMS Console zu prüfen.',
  },
  'list-incomplete': {
    title: 'Die Liste ist unvollständig',
    next: 'Die Cloud ist ausgefallen, bevor sie alle Server aufgelistet hatte. Aktualisieren Sie die Liste.',
  },
  'answer-too-long': {
    title: 'Die Antwort der Cloud ist zu lang',
    next: 'Senden Sie die technischen Details unten an Ihre Administration.',
  },
  'console-url-refused': {
    title: 'Das Gateway ist nicht vertrauenswürdig',
    next: 'Falls es Ihr Gateway ist, bitten Sie Ihre Administration, es in BMS_CONSOLE_GATEWAYS aufzunehmen.',
  },
  'gateway-unreachable': {
    title: 'Das Gateway ist nicht erreichbar',
    next: 'Wir versuchen es mit einem neuen Link weiter.',
  },
  'gateway-not-encrypted': {
    title: 'Der Browser öffnet kein unverschlüsseltes Gateway',
    next: 'Diese Seite läuft über https, das Gateway über ws ohne TLS. Bitten Sie Ihre Administration, TLS vor das Gateway zu setzen oder BMS_CONSOLE_TRANSPORT auf relay zu stellen.',
  },
  'gateway-forbidden': {
    title: 'Diese Seite darf das Gateway nicht erreichen',
    next: 'Laden Sie die Seite neu. Hilft das nicht: Die Sicherheitsrichtlinie einer Seite kann keine IPv6-Adresse nennen. Bitten Sie Ihre Administration, dem Gateway einen Hostnamen zu geben oder BMS_CONSOLE_TRANSPORT auf relay zu stellen.',
  },
  'gateway-hung-up': {
    title: 'Das Gateway hat aufgelegt, bevor Daten kamen',
    next: 'Entweder lehnt es den Link ab, oder der Host des Servers ist nicht erreichbar: Es verhält sich in beiden Fällen gleich. Der nächste Versuch nutzt einen neuen Link.',
  },
  'origin-doubtful': {
    title: 'Das Gateway hat sofort aufgelegt',
    next: 'Entweder lehnt es diese Seite oder den Link ab, oder der Host des Servers ist nicht erreichbar: Es verhält sich in jedem dieser Fälle gleich. Der nächste Versuch nutzt einen neuen Link.',
  },
  'origin-refused': {
    title: 'Das Gateway legt bei jedem Versuch auf',
    next: 'Es hat bei mehreren neuen Links aufgelegt, bevor Daten kamen. Ist der Host des Servers ausgefallen, verbinden Sie neu, sobald er wieder da ist. Falls nicht, lehnt das Gateway diese Seite ab: Bitten Sie Ihre Administration, ihren Ursprung (Origin) dort zuzulassen ([console] allowed_origins) oder das Relay als Transport einzustellen.',
  },
  'gateway-closed': {
    title: 'Das Gateway hat die Verbindung geschlossen',
    next: 'Wir verbinden mit einem neuen Link neu.',
  },
  'gateway-silent': {
    title: 'Das Gateway antwortet nicht mehr',
    next: 'Wir verbinden mit einem neuen Link neu.',
  },
  'network-lost': {
    title: 'Sie sind offline',
    next: 'Prüfen Sie Ihre Verbindung. Wir verbinden neu, sobald Sie wieder online sind.',
  },
  'relay-silent': {
    title: 'BMS Console antwortet nicht mehr',
    next: 'Wir verbinden neu. Bleibt es dabei, prüfen Sie Ihr Netzwerk.',
  },
  'in-use': {
    title: 'Diese Konsole ist vielleicht in Benutzung',
    next: 'Wenn Sie sie öffnen, kann eine andere Leitung abbrechen.',
  },
  'taken-over': {
    title: 'Diese Konsole ist in einem anderen Tab geöffnet',
    next: 'Verbinden Sie neu, um sie hier zu nutzen.',
  },
  'idle-limit': {
    title: 'Die Sitzung ist abgelaufen',
    next: 'Es wurde zu lange nichts getippt. Verbinden Sie neu, um weiterzuarbeiten.',
  },
  'time-limit': {
    title: 'Die Sitzung hat ihre Höchstdauer erreicht',
    next: 'Verbinden Sie neu, um eine neue zu starten.',
  },
  'session-limit': {
    title: 'Es sind zu viele Konsolen geöffnet',
    next: 'Warten Sie, bis eine geschlossen wird, oder bitten Sie Ihre Administration, BMS_CONSOLE_MAX_SESSIONS zu erhöhen.',
  },
  'user-limit': {
    title: 'Sie haben zu viele Konsolen geöffnet',
    next: 'Schließen Sie eine davon und verbinden Sie dann neu.',
  },
  'viewer-limit': {
    title: 'Diese Konsole hat zu viele Betrachter',
    next: 'Warten Sie, bis jemand geht, und verbinden Sie dann neu.',
  },
  'operator-ended': {
    title: 'Diese Konsole wurde für alle beendet',
    next: 'Fragen Sie die Person, die sie beendet hat, bevor Sie neu verbinden.',
  },
  'no-viewer': {
    title: 'Diese Konsole wurde geschlossen, weil niemand mehr da war',
    next: 'Verbinden Sie neu, um sie wieder zu öffnen.',
  },
  'ticket-refused': { title: 'Das Ticket ist verbraucht oder abgelaufen', next: 'Wir holen ein neues.' },
  'protocol-error': {
    title: 'Unerwartete Antwort vom Gateway',
    next: 'Senden Sie die technischen Details unten an Ihre Administration.',
  },
  'page-outdated': {
    title: 'Diese Seite ist älter als der Server',
    next: 'Laden Sie die Seite neu.',
  },
  'log-off': {
    title: 'Der Verlauf ist deaktiviert',
    next: 'Bitten Sie Ihre Administration, BMS_CONSOLE_LINE_LOG_DIR zu setzen, damit bleibt, was Server ausgeben.',
  },
  'boot-not-found': {
    title: 'Startvorgang nicht gefunden',
    next: 'Wählen Sie einen anderen Startvorgang, oder gehen Sie ans Ende des Verlaufs.',
  },
  'recordings-off': {
    title: 'Aufzeichnungen sind deaktiviert',
    next: 'Bitten Sie Ihre Administration, BMS_CONSOLE_RECORDINGS zu setzen, um sie zu aktivieren.',
  },
  'recording-not-found': {
    title: 'Aufzeichnung nicht gefunden',
    next: 'Gehen Sie zurück zur Liste der Aufzeichnungen.',
  },
  'recording-under-way': {
    title: 'Diese Konsole wird noch aufgezeichnet',
    next: 'Löschen Sie die Aufzeichnung, wenn sie beendet ist.',
  },
  'recording-kept': {
    title: 'Aufzeichnungen können hier nicht gelöscht werden',
    next: 'Sie bleiben, bis ihre Frist abläuft. Fragen Sie Ihre Administration, falls diese früher weg muss.',
  },
  'recording-limit': {
    title: 'Diese Aufzeichnung ist zu aufwendig',
    next: 'Suche oder Export brauchen mehr Zeit oder Speicher, als der Server erlaubt. Laden Sie sie stattdessen als asciicast herunter.',
  },
  'recordings-busy': {
    title: 'Zu viele Suchen und Exporte auf einmal',
    next: 'Versuchen Sie es in einer Minute noch einmal.',
  },
  'audit-off': {
    title: 'Das Audit-Log ist deaktiviert',
    next: 'Bitten Sie Ihre Administration, BMS_CONSOLE_AUDIT auf stdout oder file zu setzen, um es zu aktivieren.',
  },
  'sign-in-needed': {
    title: 'Sie sind abgemeldet',
    next: 'Ihre Sitzung ist abgelaufen. Melden Sie sich an, um fortzufahren.',
  },
  'sign-in-throttled': {
    title: 'Zu viele fehlgeschlagene Anmeldungen',
    next: 'Warten Sie eine Weile und versuchen Sie es dann erneut.',
  },
  'sign-in-failed': {
    title: 'Anmeldung fehlgeschlagen',
    next: 'Versuchen Sie es erneut. Falls es weiter fehlschlägt, senden Sie die technischen Details unten an Ihre Administration.',
  },
  'credentials-refused': {
    title: 'Die Cloud hat diese Zugangsdaten abgelehnt',
    next: 'Prüfen Sie Ihre Eingaben und versuchen Sie es erneut.',
  },
  'code-needed': {
    title: 'Dieses Konto verlangt einen Code',
    next: 'Geben Sie den Code aus Ihrer Authenticator-App ein.',
  },
  'no-role': {
    title: 'Sie haben hier keine Rolle',
    next: 'Sie sind angemeldet, aber keine Ihrer Gruppen hat Zugriff. Bitten Sie Ihre Administration um eine Rolle.',
  },
  'no-project': {
    title: 'Sie gehören zu keinem Projekt der Cloud',
    next: 'Bitten Sie Ihre Cloud-Administration, Sie in ein Projekt aufzunehmen.',
  },
  'role-forbids': {
    title: 'Ihre Rolle erlaubt das nicht',
    next: 'Bitten Sie Ihre Administration um eine Rolle, die es erlaubt.',
  },
  'launch-refused': {
    title: 'Dieses Ticket ist ungültig',
    next: 'Öffnen Sie die Konsole erneut aus dem Portal. Falls das nicht hilft, senden Sie die technischen Details unten an die Administration des Portals.',
  },
  'embed-off': {
    title: 'Diese Konsole kann hier nicht eingebettet werden',
    next: 'Bitten Sie Ihre Administration, diese Seite in BMS_CONSOLE_EMBED_ORIGINS aufzunehmen.',
  },
  'proxy-unreachable': { title: 'BMS Console ist nicht erreichbar', next: 'Wir versuchen es weiter.' },
  'proxy-restarting': {
    title: 'BMS Console startet neu',
    next: 'Wir verbinden neu, sobald der Neustart fertig ist.',
  },
  'proxy-restarted': {
    title: 'BMS Console wurde neu gestartet',
    next: 'Wir verbinden neu. Was der Server inzwischen ausgab, ist verloren.',
  },
  'line-moved': {
    title: 'Diese Konsole ist umgezogen',
    next: 'Eine andere Replik von BMS Console hat sie jetzt. Wir verbinden neu.',
  },
  'store-unreachable': {
    title: 'BMS Console erreicht seinen Speicher nicht',
    next: 'Wir versuchen es weiter. Die Konsolen kommen mit ihm zurück.',
  },
  'too-many-requests': {
    title: 'Zu viele Anfragen von hier',
    next: 'BMS Console begrenzt Anfragen pro Person und Adresse. Wir versuchen es gleich wieder.',
  },
  overloaded: {
    title: 'BMS Console ist überlastet',
    next: 'Offene Konsolen laufen weiter. Wir versuchen es gleich wieder.',
  },
  'proxy-error': { title: 'Fehler in BMS Console', next: 'Der Grund steht im Log. Wir versuchen es weiter.' },
}
