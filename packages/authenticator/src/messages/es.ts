import type { Translation } from '../words.js';
import type { en } from './en.js';

export const es: Translation<typeof en> = {
  'frame.help': '¿Necesita ayuda?',
  'frame.helpPage': 'Página de ayuda',
  'frame.reference': 'Referencia',
  'frame.copyReference': 'Copiar la referencia',
  'frame.copied': 'Copiado',
  'frame.follow': 'Siga las indicaciones de su dispositivo: le pedirá la huella, el rostro o el PIN.',
  'frame.followElsewhere': 'Escanee con su teléfono o tableta el código que muestra el navegador.',
  'frame.checking': 'Comprobando…',
  'frame.close': 'Puede cerrar esta página.',

  'bind.title': 'Cree su llave de acceso',
  'bind.for': 'Este enlace es para {name}. Solo funciona una vez.',
  'bind.forUsername': 'Este enlace es para {name} ({username}). Solo funciona una vez.',
  'bind.until': 'Es válido hasta el {time}.',
  'bind.why': 'Una llave de acceso sustituye a la contraseña: se desbloquea igual que este dispositivo.',
  'bind.button': 'Crear llave de acceso',
  'bind.elsewhere': 'Crearla en otro dispositivo',
  'bind.ready': '{passkey} está lista. Úsela la próxima vez que inicie sesión.',
  'bind.leaving': '{passkey} está lista. Continuamos…',

  'signIn.title': 'Iniciar sesión',
  'signIn.to': 'para continuar en {application}',
  'signIn.username': 'Nombre de usuario (aquí se ofrecen sus llaves de acceso)',
  'signIn.button': 'Iniciar sesión con una llave de acceso',
  'signIn.elsewhere': 'Usar una llave de acceso de otro dispositivo',
  'signIn.older': 'Usar una llave de acceso más antigua o más reciente',
  'signIn.lost': '¿Ha perdido su llave de acceso?',
  'signIn.signUp': 'Registrarse',
  'signIn.leaving': 'Sesión iniciada. Continuamos…',

  'accounts.title': 'Elija una cuenta',
  'accounts.another': 'Usar otra cuenta',
  'accounts.signOut': 'Cerrar sesión',
  'accounts.signOutOf': 'Cerrar la sesión de {name}',
  'accounts.signedOut': 'Se ha cerrado la sesión de {name}.',
  'accounts.fresh': 'La aplicación le pide que vuelva a iniciar sesión.',

  'signOut.title': 'Cerrar sesión',
  'signOut.question': 'Ha iniciado sesión en {realm}. ¿Quiere cerrarla aquí y en sus aplicaciones?',
  'signOut.button': 'Cerrar sesión',
  'signOut.working': 'Cerrando la sesión…',
  'signedOut.title': 'Sesión cerrada',
  'signedOut.text': 'Ha cerrado la sesión. Puede cerrar esta página.',

  'failure.title': 'Algo no ha funcionado',
  'failure.nothingHere': 'Aquí no hay nada',
  'failure.over': 'Este enlace ya no funciona',

  'unsupported.title': 'Este navegador no admite llaves de acceso',
  'unsupported.inApp':
    'Esta página se ha abierto dentro de otra aplicación. Ábrala en su navegador: elija «Abrir en el navegador» en el menú de la aplicación o copie la dirección.',
  'unsupported.update':
    'Actualice este navegador o abra la página en una versión reciente de Chrome, Edge, Firefox o Safari.',
  'unsupported.insecure':
    'Las llaves de acceso necesitan una dirección segura, que empiece por https. Avise a quien le dio esta dirección.',
  'unsupported.copy': 'Copiar la dirección',

  'error.CANCELLED':
    'No ha pasado nada: se ha cancelado o ha tardado demasiado. Inténtelo de nuevo cuando quiera.',
  'error.NO_AUTHENTICATOR':
    'Este dispositivo no puede crear esa llave de acceso. Active el bloqueo de pantalla o un PIN, o use otro dispositivo.',
  'error.ALREADY_BOUND':
    'Este dispositivo ya tiene una llave de acceso para esta cuenta. Inicie sesión con ella o use otro dispositivo.',
  'error.WRONG_ADDRESS':
    'Las llaves de acceso no funcionan en esta dirección. Abra la página en la dirección que le dieron.',
  'error.UNKNOWN': 'No se ha podido usar la llave de acceso. Inténtelo de nuevo.',
  'error.OFFLINE': 'No se puede contactar con el servidor. Compruebe la conexión e inténtelo de nuevo.',
  'error.INTERNAL': 'Ha habido un fallo por nuestra parte. Inténtelo de nuevo.',
  'error.BROKEN': 'Ha habido un fallo por nuestra parte. Vuelva a empezar desde donde venía.',
  'error.LINK_INCOMPLETE': 'Esta dirección no está completa. Abra el enlace entero que le dieron.',
  'error.LINK_INVALID': 'Este enlace no es válido. Pida uno nuevo.',
  'error.LINK_EXPIRED': 'Este enlace ha caducado. Pida uno nuevo.',
  'error.LINK_USED': 'Este enlace ya se ha usado. Pida uno nuevo para crear otra llave de acceso.',
  'error.LINK_REVOKED': 'Este enlace se ha retirado. Pida uno nuevo.',
  'error.LINK_OUTGROWN': 'Sus permisos cambiaron después de crearse este enlace. Pida uno nuevo.',
  'error.CHALLENGE_INVALID': 'Ha tardado demasiado o se ha intentado dos veces. Inténtelo de nuevo.',
  'error.PASSKEY_UNKNOWN': 'Esta llave de acceso no se ha aceptado. Use otra o pida un enlace nuevo.',
  'error.PASSKEY_REFUSED': 'Esta llave de acceso no se ha aceptado. Use otra o pida un enlace nuevo.',
  'error.REAUTHENTICATION_REQUIRED': 'Use de nuevo su llave de acceso para continuar.',
  'error.LAST_PASSKEY':
    'Es su última llave de acceso. Sin ninguna ya no podrá iniciar sesión. Añada antes otra o confirme.',
  'error.UNAUTHENTICATED': 'Use su llave de acceso para ver su cuenta.',
  'error.ADMIN_LOCKOUT':
    'Después de este cambio nadie podría entrar en la consola. Dé antes acceso y una llave de acceso a otra persona administradora.',
  'error.POLICY_DENIED': 'Las reglas de esta organización no lo permiten.',
  'error.INTERACTION_EXPIRED':
    'Este inicio de sesión ha caducado o se empezó en otro navegador. Vuelva a empezar desde la aplicación.',
  'error.RATE_LIMITED': 'Demasiadas solicitudes. Espere un minuto e inténtelo de nuevo.',
  'error.FORBIDDEN': 'No tiene permiso para hacer esto.',
  'error.INVALID_INPUT': 'No se ha podido leer la solicitud. Vuelva a empezar.',
  'error.MODEL_NOT_ALLOWED': 'Este dispositivo o esta llave de seguridad no se admite aquí. Use otro.',
  'error.NOT_FOUND':
    'No hay ninguna página en esta dirección. Revise el enlace que le dieron o vuelva a empezar desde la aplicación.',
  'error.invalid_request': 'La aplicación ha enviado una solicitud que no es válida.',
  'error.invalid_client': 'Esta aplicación no se conoce aquí.',
  'error.invalid_redirect_uri': 'La aplicación ha pedido volver a una dirección que no tiene registrada.',
  'error.access_denied': 'No tiene permiso para hacer esto.',
  'error.server_error': 'Ha habido un fallo por nuestra parte.',
};
