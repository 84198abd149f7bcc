import type { Words } from './words.types.js';

export const fr: Words = {
  hello: 'Bonjour,',
  helloName: (name) => `Bonjour ${name},`,
  writeTo: (address) => `Des questions ? Écrivez à ${address}.`,
  readAt: (address) => `Vous trouverez de l’aide sur ${address}`,
  once: (until) => `Le lien ne fonctionne qu’une fois, jusqu’au ${until}. Ne le transmettez à personne.`,

  binding: {
    subject: (realm) => `Configurez votre clé d’accès pour ${realm}`,
    invitation: (realm) =>
      `Vous êtes invité à configurer une clé d’accès pour ${realm}. Avec elle, vous vous connectez sans mot de passe.`,
    button: 'Configurer la clé d’accès',
    unexpected: 'Si vous n’attendiez pas ce message, ignorez-le : sans le lien, il ne se passe rien.',
  },

  recoveryRequested: {
    subject: (realm) => `Une nouvelle clé d’accès a été demandée pour votre compte chez ${realm}`,
    asked: (realm) =>
      `Quelqu’un qui dit être vous et avoir perdu sa clé d’accès en a demandé une nouvelle pour ${realm}.`,
    waits: (from) =>
      `Si c’était vous, vous n’avez rien à faire pour l’instant : un lien arrivera à l’adresse indiquée après le ${from}.`,
    comes: 'Si c’était vous, vous n’avez rien à faire ici : un lien arrive à l’adresse indiquée.',
    revokes:
      'Dès que la nouvelle clé d’accès sera configurée, toutes les anciennes cesseront de fonctionner.',
    stop: 'Si ce n’était pas vous, arrêtez la demande maintenant :',
    harmless: 'La personne qui ouvre ce lien ne peut qu’arrêter la demande.',
  },
  recoveryLink: {
    subject: (realm) => `Votre nouvelle clé d’accès pour ${realm}`,
    lost: (realm) =>
      `Vous avez perdu votre clé d’accès pour ${realm}. Ce lien vous permet d’en configurer une nouvelle, sur l’appareil avec lequel vous l’ouvrez.`,
    button: 'Configurer une nouvelle clé d’accès',
    unexpected:
      'Si vous n’avez rien demandé, n’ouvrez pas le lien et prévenez la personne qui gère votre compte.',
  },
  recoveryCompleted: {
    subject: (realm) => `Une nouvelle clé d’accès a été ajoutée à votre compte chez ${realm}`,
    added: (passkey, realm) =>
      `Une nouvelle clé d’accès (${passkey}) a été ajoutée à votre compte chez ${realm}, car la précédente a été déclarée perdue.`,
    revoked: 'Vos anciennes clés d’accès ne fonctionnent plus.',
    undo: (until) =>
      `Si ce n’était pas vous, annulez avant le ${until}. La nouvelle clé d’accès cessera aussitôt de fonctionner :`,
    expected: 'Si c’était vous, vous n’avez rien à faire.',
  },
  notMe: 'Ce n’était pas moi',

  signUpLink: {
    subject: (realm) => `Confirmez votre adresse e-mail pour ${realm}`,
    wanted: (realm) =>
      `Vous souhaitez un compte chez ${realm}. Confirmez que cette adresse est la vôtre, puis continuez avec votre clé d’accès.`,
    button: 'Confirmer et continuer',
    until: (until) => `Le lien fonctionne jusqu’au ${until}. Ne le transmettez à personne.`,
  },
  signUpCode: {
    subject: (realm) => `Votre code pour ${realm}`,
    wanted: (realm) =>
      `Vous souhaitez un compte chez ${realm}. Saisissez ce code dans la page qui vous l’a demandé :`,
    until: (until) =>
      `Il est valable jusqu’au ${until}. Ne le dites à personne : nous ne le demandons jamais par e-mail ni par téléphone.`,
  },
  signUpTaken: {
    subject: (realm) => `Vous avez déjà un compte chez ${realm}`,
    taken: (realm) =>
      `Quelqu’un, peut-être vous, a voulu s’inscrire chez ${realm} avec cette adresse. Vous y avez déjà un compte : connectez-vous avec votre clé d’accès.`,
    lost: 'Si vous avez perdu votre clé d’accès, cette page vous dit quoi faire :',
    button: 'J’ai perdu ma clé d’accès',
    unexpected: 'Si ce n’était pas vous, ignorez ce message : rien n’a été modifié.',
  },
  signUpUnexpected:
    'Si vous ne vouliez pas vous inscrire, ignorez ce message : sans lui, il ne se passe rien.',
};
