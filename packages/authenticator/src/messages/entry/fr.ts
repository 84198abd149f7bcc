import type { Translation } from '../../words.js';
import type { en } from './en.js';

export const fr: Translation<typeof en> = {
  'recover.title': 'Clé d’accès perdue ?',
  'recover.other':
    'Si un autre de vos appareils a encore une clé d’accès, vous n’avez besoin de rien ici : connectez-vous avec elle et ajoutez-en une nouvelle sur la page de votre compte.',
  'recover.account': 'Ouvrir la page de votre compte',
  'recover.how':
    'Sinon, demandez un lien par e-mail. Toutes vos adresses sont prévenues, et chacune permet de tout arrêter.',
  'recover.off': 'Sinon, demandez un nouveau lien à la personne qui s’occupe de votre compte.',
  'recover.email': 'Votre adresse e-mail',
  'recover.button': 'Demander un lien',
  'recover.asked':
    'S’il existe un compte avec cette adresse, un e-mail est en route vers toutes les adresses du compte. Il indique quand le lien arrivera. Vous pouvez fermer cette page.',

  'stop.title': 'Ce n’était pas vous ?',
  'stop.text':
    'Quelqu’un a demandé une nouvelle clé d’accès pour votre compte. Si ce n’était pas vous, arrêtez la demande : le lien ou la nouvelle clé ne fonctionnera plus.',
  'stop.button': 'Ce n’était pas moi, arrêter',
  'stop.stopped':
    'La demande est arrêtée. Vos clés d’accès restent telles quelles. Prévenez la personne qui s’occupe de votre compte.',
  'stop.undone':
    'La nouvelle clé d’accès a été retirée, et la personne qui l’a utilisée est déconnectée. Prévenez la personne qui s’occupe de votre compte.',

  'signUp.title': 'S’inscrire',
  'signUp.email': 'Votre adresse e-mail',
  'signUp.next': 'Continuer',
  'signUp.sentLink':
    'Consultez votre boîte de réception : un e-mail vous apporte le lien pour continuer. Vous pouvez fermer cette page.',
  'signUp.sentCode': 'Consultez votre boîte de réception : un e-mail vous apporte un code à six chiffres.',
  'signUp.code': 'Code reçu par e-mail',
  'signUp.proven': '{email} est confirmée. Qui êtes-vous ?',
  'signUp.name': 'Votre nom',
  'signUp.username': 'Nom d’utilisateur',
  'signUp.usernameHint': 'Votre adresse e-mail, si vous n’en choisissez pas un autre.',
  'signUp.button': 'Créer la clé d’accès',
  'signUp.leaving': 'Votre compte est prêt. Vous allez être redirigé …',
  'signUp.done':
    'Votre compte est prêt. Connectez-vous avec votre clé d’accès dans l’application d’où vous venez.',

  'error.ADDRESS_TAKEN':
    'Il existe désormais un compte avec cette adresse. Connectez-vous avec sa clé d’accès.',
  'error.CODE_WRONG': 'Ce code n’est pas correct ou n’est plus valable.',
  'error.DOMAIN_NOT_ALLOWED': 'Les adresses de ce domaine ne peuvent pas s’inscrire ici.',
  'error.INVALID_INPUT': 'Une indication de ce formulaire ne convient pas. Veuillez la vérifier.',
  'error.LINK_INVALID': 'Ce lien n’est plus valable : ce à quoi il servait est terminé.',
  'error.RATE_LIMITED': 'Trop de demandes sont venues d’ici. Réessayez dans une heure.',
  'error.RECOVERY_OFF':
    'Ici, personne ne peut obtenir soi-même une nouvelle clé d’accès. Adressez-vous à la personne qui s’occupe de votre compte.',
  'error.SIGN_UP_INVALID': 'Cette inscription n’est plus valable. Veuillez recommencer.',
  'error.SIGN_UP_OFF': 'Ici, personne ne peut s’inscrire soi-même. Demandez une invitation.',
  'error.USERNAME_TAKEN': 'Ce nom d’utilisateur est déjà pris. Choisissez-en un autre.',
};
