import type { Words } from './words.types.js';

export const es: Words = {
  hello: 'Hola:',
  helloName: (name) => `Hola, ${name}:`,
  writeTo: (address) => `¿Tiene preguntas? Escriba a ${address}.`,
  readAt: (address) => `Encontrará ayuda en ${address}`,
  once: (until) => `El enlace solo funciona una vez, hasta el ${until}. No se lo pase a nadie.`,

  binding: {
    subject: (realm) => `Configure su llave de acceso para ${realm}`,
    invitation: (realm) =>
      `Le invitamos a configurar una llave de acceso para ${realm}. Con ella iniciará sesión sin contraseña.`,
    button: 'Configurar la llave de acceso',
    unexpected: 'Si no esperaba este correo, ignórelo: sin el enlace no ocurre nada.',
  },

  recoveryRequested: {
    subject: (realm) => `Alguien ha pedido una llave de acceso nueva para su cuenta en ${realm}`,
    asked: (realm) =>
      `Alguien que dice ser usted y haber perdido su llave de acceso ha pedido una nueva para ${realm}.`,
    waits: (from) =>
      `Si ha sido usted, no tiene que hacer nada ahora: a partir del ${from} llegará un enlace a la dirección indicada.`,
    comes: 'Si ha sido usted, no tiene que hacer nada aquí: llegará un enlace a la dirección indicada.',
    revokes: 'En cuanto se configure la llave de acceso nueva, todas las anteriores dejarán de funcionar.',
    stop: 'Si no ha sido usted, deténgalo ahora:',
    harmless: 'Quien abra este enlace solo puede detener la solicitud.',
  },
  recoveryLink: {
    subject: (realm) => `Su nueva llave de acceso para ${realm}`,
    lost: (realm) =>
      `Ha perdido su llave de acceso para ${realm}. Con este enlace configurará una nueva en el dispositivo en el que lo abra.`,
    button: 'Configurar una llave de acceso nueva',
    unexpected: 'Si no lo ha pedido usted, no abra el enlace y avise a quien administra su cuenta.',
  },
  recoveryCompleted: {
    subject: (realm) => `Se ha añadido una llave de acceso a su cuenta en ${realm}`,
    added: (passkey, realm) =>
      `Se ha añadido una llave de acceso nueva (${passkey}) a su cuenta en ${realm}, porque se indicó que la anterior se había perdido.`,
    revoked: 'Sus llaves de acceso anteriores ya no funcionan.',
    undo: (until) =>
      `Si no ha sido usted, deshágalo antes del ${until}. La llave de acceso nueva dejará de funcionar en el acto:`,
    expected: 'Si ha sido usted, no tiene que hacer nada.',
  },
  notMe: 'No he sido yo',

  signUpLink: {
    subject: (realm) => `Confirme su dirección de correo para ${realm}`,
    wanted: (realm) =>
      `Quiere crear una cuenta en ${realm}. Confirme que esta dirección es suya y continúe con su llave de acceso.`,
    button: 'Confirmar y continuar',
    until: (until) => `El enlace funciona hasta el ${until}. No se lo pase a nadie.`,
  },
  signUpCode: {
    subject: (realm) => `Su código para ${realm}`,
    wanted: (realm) =>
      `Quiere crear una cuenta en ${realm}. Escriba este código en la página que se lo ha pedido:`,
    until: (until) =>
      `Funciona hasta el ${until}. No se lo diga a nadie: nunca lo pedimos por correo ni por teléfono.`,
  },
  signUpTaken: {
    subject: (realm) => `Ya tiene una cuenta en ${realm}`,
    taken: (realm) =>
      `Alguien, quizá usted, ha querido registrarse en ${realm} con esta dirección. Ya tiene una cuenta allí: inicie sesión con su llave de acceso.`,
    lost: 'Si ha perdido su llave de acceso, esta página le dice qué puede hacer:',
    button: 'He perdido mi llave de acceso',
    unexpected: 'Si no ha sido usted, ignore este correo: no se ha cambiado nada.',
  },
  signUpUnexpected: 'Si no quería registrarse, ignore este correo: sin él no ocurre nada.',
};
