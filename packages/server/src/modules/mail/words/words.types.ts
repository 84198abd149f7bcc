/** All that letters say, in one language. Names, times and addresses come as they are to be shown. */
export interface Words {
  readonly hello: string;
  readonly helloName: (name: string) => string;
  readonly writeTo: (address: string) => string;
  readonly readAt: (address: string) => string;
  readonly once: (until: string) => string;

  readonly binding: {
    readonly subject: (realm: string) => string;
    readonly invitation: (realm: string) => string;
    readonly button: string;
    readonly unexpected: string;
  };

  readonly recoveryRequested: {
    readonly subject: (realm: string) => string;
    readonly asked: (realm: string) => string;
    readonly waits: (from: string) => string;
    readonly comes: string;
    readonly revokes: string;
    readonly stop: string;
    readonly harmless: string;
  };
  readonly recoveryLink: {
    readonly subject: (realm: string) => string;
    readonly lost: (realm: string) => string;
    readonly button: string;
    readonly unexpected: string;
  };
  readonly recoveryCompleted: {
    readonly subject: (realm: string) => string;
    readonly added: (passkey: string, realm: string) => string;
    readonly revoked: string;
    readonly undo: (until: string) => string;
    readonly expected: string;
  };
  readonly notMe: string;

  readonly signUpLink: {
    readonly subject: (realm: string) => string;
    readonly wanted: (realm: string) => string;
    readonly button: string;
    readonly until: (until: string) => string;
  };
  readonly signUpCode: {
    readonly subject: (realm: string) => string;
    readonly wanted: (realm: string) => string;
    readonly until: (until: string) => string;
  };
  readonly signUpTaken: {
    readonly subject: (realm: string) => string;
    readonly taken: (realm: string) => string;
    readonly lost: string;
    readonly button: string;
    readonly unexpected: string;
  };
  readonly signUpUnexpected: string;
}
