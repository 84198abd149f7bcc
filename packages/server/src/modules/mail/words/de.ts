import type { Words } from './words.types.js';

export const de: Words = {
  hello: 'Guten Tag,',
  helloName: (name) => `Guten Tag ${name},`,
  writeTo: (address) => `Fragen? Schreiben Sie an ${address}.`,
  readAt: (address) => `Hilfe finden Sie unter ${address}`,
  once: (until) => `Der Link funktioniert nur einmal, bis ${until}. Geben Sie ihn an niemanden weiter.`,

  binding: {
    subject: (realm) => `Richten Sie Ihren Passkey für ${realm} ein`,
    invitation: (realm) =>
      `Sie sind eingeladen, einen Passkey für ${realm} einzurichten. Damit melden Sie sich ohne Passwort an.`,
    button: 'Passkey einrichten',
    unexpected:
      'Wenn Sie diese E-Mail nicht erwartet haben, ignorieren Sie sie: Ohne den Link passiert nichts.',
  },

  recoveryRequested: {
    subject: (realm) => `Für Ihr Konto bei ${realm} wurde ein neuer Passkey angefordert`,
    asked: (realm) =>
      `jemand hat angegeben, Sie zu sein und den Passkey verloren zu haben, und einen neuen für ${realm} angefordert.`,
    waits: (from) =>
      `Wenn Sie das waren, müssen Sie jetzt nichts tun: Ab ${from} kommt ein Link an die angegebene Adresse.`,
    comes: 'Wenn Sie das waren, müssen Sie hier nichts tun: An die angegebene Adresse kommt ein Link.',
    revokes: 'Sobald der neue Passkey eingerichtet ist, funktionieren alle alten nicht mehr.',
    stop: 'Wenn Sie es nicht waren, stoppen Sie den Vorgang jetzt:',
    harmless: 'Wer diesen Link öffnet, kann den Vorgang nur stoppen.',
  },
  recoveryLink: {
    subject: (realm) => `Ihr neuer Passkey für ${realm}`,
    lost: (realm) =>
      `Sie haben Ihren Passkey für ${realm} verloren. Mit diesem Link richten Sie einen neuen ein, auf dem Gerät, auf dem Sie ihn öffnen.`,
    button: 'Neuen Passkey einrichten',
    unexpected:
      'Wenn Sie das nicht angefordert haben, öffnen Sie den Link nicht, und melden Sie es denen, die Ihr Konto verwalten.',
  },
  recoveryCompleted: {
    subject: (realm) => `Ihrem Konto bei ${realm} wurde ein neuer Passkey hinzugefügt`,
    added: (passkey, realm) =>
      `Ihrem Konto bei ${realm} wurde ein neuer Passkey (${passkey}) hinzugefügt, weil der bisherige als verloren gemeldet wurde.`,
    revoked: 'Ihre alten Passkeys funktionieren nicht mehr.',
    undo: (until) =>
      `Wenn Sie das nicht waren, machen Sie es bis ${until} rückgängig. Der neue Passkey funktioniert dann sofort nicht mehr:`,
    expected: 'Wenn Sie das waren, müssen Sie nichts tun.',
  },
  notMe: 'Das war ich nicht',

  signUpLink: {
    subject: (realm) => `Bestätigen Sie Ihre E-Mail-Adresse für ${realm}`,
    wanted: (realm) =>
      `Sie möchten ein Konto bei ${realm}. Bestätigen Sie, dass diese Adresse Ihnen gehört, und machen Sie mit Ihrem Passkey weiter.`,
    button: 'Bestätigen und weiter',
    until: (until) => `Der Link funktioniert bis ${until}. Geben Sie ihn an niemanden weiter.`,
  },
  signUpCode: {
    subject: (realm) => `Ihr Code für ${realm}`,
    wanted: (realm) =>
      `Sie möchten ein Konto bei ${realm}. Geben Sie diesen Code auf der Seite ein, die danach gefragt hat:`,
    until: (until) =>
      `Er gilt bis ${until}. Sagen Sie ihn niemandem: Wir fragen nie per E-Mail oder Telefon danach.`,
  },
  signUpTaken: {
    subject: (realm) => `Sie haben schon ein Konto bei ${realm}`,
    taken: (realm) =>
      `jemand, vielleicht Sie selbst, wollte sich mit dieser Adresse bei ${realm} registrieren. Sie haben dort schon ein Konto: Melden Sie sich mit Ihrem Passkey an.`,
    lost: 'Wenn Sie Ihren Passkey verloren haben, sagt Ihnen diese Seite, was Sie tun können:',
    button: 'Ich habe meinen Passkey verloren',
    unexpected: 'Wenn Sie das nicht waren, ignorieren Sie diese E-Mail: Es wurde nichts geändert.',
  },
  signUpUnexpected:
    'Wenn Sie sich nicht registrieren wollten, ignorieren Sie diese E-Mail: Ohne sie passiert nichts.',
};
