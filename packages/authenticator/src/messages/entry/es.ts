import type { Translation } from '../../words.js';
import type { en } from './en.js';

export const es: Translation<typeof en> = {
  'recover.title': '¿Ha perdido su llave de acceso?',
  'recover.other':
    'Si otro de sus dispositivos todavía tiene una llave de acceso, aquí no necesita nada: inicie sesión con ella y añada una nueva en la página de su cuenta.',
  'recover.account': 'Abrir la página de su cuenta',
  'recover.how':
    'Si no, pida un enlace por correo electrónico. Se avisa a todas sus direcciones, y desde cualquiera de ellas se puede detener.',
  'recover.off': 'Si no, pida un enlace nuevo a quien se ocupa de su cuenta.',
  'recover.email': 'Su dirección de correo electrónico',
  'recover.button': 'Pedir un enlace',
  'recover.asked':
    'Si existe una cuenta con esta dirección, hay un mensaje en camino a todas las direcciones de la cuenta. En él se indica cuándo llegará el enlace. Puede cerrar esta página.',

  'stop.title': '¿No ha sido usted?',
  'stop.text':
    'Alguien ha pedido una nueva llave de acceso para su cuenta. Si no ha sido usted, deténgalo: su enlace o su nueva llave dejarán de funcionar.',
  'stop.button': 'No he sido yo, detenerlo',
  'stop.stopped':
    'Se ha detenido. Sus llaves de acceso quedan como estaban. Avise a quien se ocupa de su cuenta.',
  'stop.undone':
    'Se ha retirado la nueva llave de acceso y se ha cerrado la sesión de quien la usó. Avise a quien se ocupa de su cuenta.',

  'signUp.title': 'Registrarse',
  'signUp.email': 'Su dirección de correo electrónico',
  'signUp.next': 'Continuar',
  'signUp.sentLink':
    'Mire en su buzón: un mensaje trae el enlace con el que seguir. Puede cerrar esta página.',
  'signUp.sentCode': 'Mire en su buzón: un mensaje trae un código de seis cifras.',
  'signUp.code': 'Código del mensaje',
  'signUp.proven': '{email} está confirmada. ¿Quién es usted?',
  'signUp.name': 'Su nombre',
  'signUp.username': 'Nombre de usuario',
  'signUp.usernameHint': 'Su dirección de correo electrónico, si no elige otro.',
  'signUp.button': 'Crear llave de acceso',
  'signUp.leaving': 'Su cuenta está lista. Le llevamos adelante …',
  'signUp.done':
    'Su cuenta está lista. Inicie sesión con su llave de acceso en la aplicación de la que viene.',

  'error.ADDRESS_TAKEN': 'Ya existe una cuenta con esta dirección. Inicie sesión con su llave de acceso.',
  'error.CODE_WRONG': 'Este código no es correcto o ya no es válido.',
  'error.DOMAIN_NOT_ALLOWED': 'Las direcciones de este dominio no pueden registrarse aquí.',
  'error.INVALID_INPUT': 'Algún dato de este formulario no se puede usar. Revíselo, por favor.',
  'error.LINK_INVALID': 'Este enlace ya no es válido: aquello para lo que servía ha terminado.',
  'error.RATE_LIMITED': 'Ha habido demasiadas solicitudes desde aquí. Inténtelo de nuevo dentro de una hora.',
  'error.RECOVERY_OFF':
    'Aquí nadie puede obtener por sí mismo una nueva llave de acceso. Diríjase a quien se ocupa de su cuenta.',
  'error.SIGN_UP_INVALID': 'Este registro ya no es válido. Empiece de nuevo, por favor.',
  'error.SIGN_UP_OFF': 'Aquí nadie puede registrarse por sí mismo. Pida una invitación.',
  'error.USERNAME_TAKEN': 'Este nombre de usuario está ocupado. Elija otro.',
};
