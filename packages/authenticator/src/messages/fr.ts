import type { Translation } from '../words.js';
import type { en } from './en.js';

export const fr: Translation<typeof en> = {
  'frame.help': 'Besoin d’aide ?',
  'frame.helpPage': 'Page d’aide',
  'frame.reference': 'Référence',
  'frame.copyReference': 'Copier la référence',
  'frame.copied': 'Copié',
  'frame.follow': 'Suivez votre appareil : il vous demande votre empreinte, votre visage ou votre code PIN.',
  'frame.followElsewhere':
    'Scannez avec votre téléphone ou votre tablette le code affiché par votre navigateur.',
  'frame.checking': 'Vérification…',
  'frame.close': 'Vous pouvez fermer cette page.',

  'bind.title': 'Créez votre clé d’accès',
  'bind.for': 'Ce lien est destiné à {name}. Il ne fonctionne qu’une fois.',
  'bind.forUsername': 'Ce lien est destiné à {name} ({username}). Il ne fonctionne qu’une fois.',
  'bind.until': 'Il est valable jusqu’au {time}.',
  'bind.why':
    'Une clé d’accès remplace le mot de passe : vous la déverrouillez comme vous déverrouillez cet appareil.',
  'bind.button': 'Créer la clé d’accès',
  'bind.elsewhere': 'La créer sur un autre appareil',
  'bind.ready': '{passkey} est prête. Utilisez-la à votre prochaine connexion.',
  'bind.leaving': '{passkey} est prête. Redirection…',

  'signIn.title': 'Se connecter',
  'signIn.to': 'pour continuer vers {application}',
  'signIn.username': 'Nom d’utilisateur (vos clés d’accès sont proposées ici)',
  'signIn.button': 'Se connecter avec une clé d’accès',
  'signIn.elsewhere': 'Utiliser une clé d’accès d’un autre appareil',
  'signIn.older': 'Utiliser une clé d’accès plus ancienne ou plus récente',
  'signIn.lost': 'Clé d’accès perdue ?',
  'signIn.signUp': 'S’inscrire',
  'signIn.leaving': 'Vous êtes connecté. Redirection…',

  'accounts.title': 'Choisissez un compte',
  'accounts.another': 'Utiliser un autre compte',
  'accounts.signOut': 'Se déconnecter',
  'accounts.signOutOf': 'Déconnecter {name}',
  'accounts.signedOut': '{name} n’a plus de session ouverte.',
  'accounts.fresh': 'L’application vous demande de vous connecter à nouveau.',

  'signOut.title': 'Se déconnecter',
  'signOut.question':
    'Vous êtes connecté à {realm}. Voulez-vous vous en déconnecter, ainsi que de ses applications ?',
  'signOut.button': 'Se déconnecter',
  'signOut.working': 'Déconnexion…',
  'signedOut.title': 'Déconnexion effectuée',
  'signedOut.text': 'Vous êtes déconnecté. Vous pouvez fermer cette page.',

  'failure.title': 'Cela n’a pas fonctionné',
  'failure.nothingHere': 'Il n’y a rien ici',
  'failure.over': 'Ce lien ne fonctionne plus',

  'unsupported.title': 'Ce navigateur ne prend pas en charge les clés d’accès',
  'unsupported.inApp':
    'Cette page a été ouverte dans une autre application. Ouvrez-la dans votre navigateur : choisissez « Ouvrir dans le navigateur » dans le menu de l’application, ou copiez l’adresse.',
  'unsupported.update':
    'Mettez ce navigateur à jour, ou ouvrez la page dans une version récente de Chrome, Edge, Firefox ou Safari.',
  'unsupported.insecure':
    'Les clés d’accès exigent une adresse sécurisée, qui commence par https. Prévenez la personne qui vous a donné cette adresse.',
  'unsupported.copy': 'Copier l’adresse',

  'error.CANCELLED':
    'Rien ne s’est passé : l’opération a été annulée ou a pris trop de temps. Réessayez quand vous voulez.',
  'error.NO_AUTHENTICATOR':
    'Cet appareil ne peut pas créer cette clé d’accès. Activez un verrouillage d’écran ou un code PIN, ou utilisez un autre appareil.',
  'error.ALREADY_BOUND':
    'Cet appareil a déjà une clé d’accès pour ce compte. Connectez-vous avec elle, ou utilisez un autre appareil.',
  'error.WRONG_ADDRESS':
    'Les clés d’accès ne fonctionnent pas à cette adresse. Ouvrez la page à l’adresse que vous avez reçue.',
  'error.UNKNOWN': 'La clé d’accès n’a pas pu être utilisée. Veuillez réessayer.',
  'error.OFFLINE': 'Le serveur est injoignable. Vérifiez votre connexion, puis réessayez.',
  'error.INTERNAL': 'Une erreur s’est produite de notre côté. Veuillez réessayer.',
  'error.BROKEN': 'Une erreur s’est produite de notre côté. Veuillez recommencer depuis le début.',
  'error.LINK_INCOMPLETE': 'Cette adresse est incomplète. Ouvrez le lien entier que vous avez reçu.',
  'error.LINK_INVALID': 'Ce lien n’est pas valable. Demandez-en un nouveau.',
  'error.LINK_EXPIRED': 'Ce lien a expiré. Demandez-en un nouveau.',
  'error.LINK_USED': 'Ce lien a déjà été utilisé. Demandez-en un nouveau pour créer une autre clé d’accès.',
  'error.LINK_REVOKED': 'Ce lien a été retiré. Demandez-en un nouveau.',
  'error.LINK_OUTGROWN': 'Vos droits ont changé depuis la création de ce lien. Demandez-en un nouveau.',
  'error.CHALLENGE_INVALID':
    'L’opération a pris trop de temps ou a été tentée deux fois. Veuillez réessayer.',
  'error.PASSKEY_UNKNOWN':
    'Cette clé d’accès n’a pas été acceptée. Utilisez-en une autre ou demandez un nouveau lien.',
  'error.PASSKEY_REFUSED':
    'Cette clé d’accès n’a pas été acceptée. Utilisez-en une autre ou demandez un nouveau lien.',
  'error.REAUTHENTICATION_REQUIRED': 'Utilisez à nouveau votre clé d’accès pour continuer.',
  'error.LAST_PASSKEY':
    'C’est votre dernière clé d’accès. Sans elle, vous ne pourrez plus vous connecter. Ajoutez-en d’abord une autre, ou confirmez.',
  'error.UNAUTHENTICATED': 'Utilisez votre clé d’accès pour voir votre compte.',
  'error.ADMIN_LOCKOUT':
    'Après cette modification, plus personne ne pourrait se connecter à la console. Donnez d’abord un accès et une clé d’accès à une autre personne qui administre.',
  'error.POLICY_DENIED': 'Les règles de cette organisation ne le permettent pas.',
  'error.INTERACTION_EXPIRED':
    'Cette connexion a expiré ou a été commencée dans un autre navigateur. Recommencez depuis l’application.',
  'error.RATE_LIMITED': 'Trop de demandes. Attendez une minute, puis réessayez.',
  'error.FORBIDDEN': 'Vous n’êtes pas autorisé à faire cela.',
  'error.INVALID_INPUT': 'La demande n’a pas pu être lue. Veuillez recommencer.',
  'error.MODEL_NOT_ALLOWED':
    'Cet appareil ou cette clé de sécurité n’est pas accepté ici. Veuillez en utiliser un autre.',
  'error.NOT_FOUND':
    'Il n’y a pas de page à cette adresse. Vérifiez le lien que vous avez reçu, ou recommencez depuis l’application.',
  'error.invalid_request': 'L’application a envoyé une demande qui n’est pas valable.',
  'error.invalid_client': 'Cette application n’est pas connue ici.',
  'error.invalid_redirect_uri':
    'L’application a demandé à revenir à une adresse qui n’est pas enregistrée pour elle.',
  'error.access_denied': 'Vous n’êtes pas autorisé à faire cela.',
  'error.server_error': 'Une erreur s’est produite de notre côté.',
};
