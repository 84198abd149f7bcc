import type { PolicyDocument } from '@keyrealm/policy';

/** What a new ordinary realm starts with: whoever was given a link may bind, whoever is active may sign in. */
export const ordinaryPolicy = (): PolicyDocument => ({
  format: 1,
  rules: [
    {
      id: 'bind-through-link',
      name: 'Bind a passkey through a link',
      enabled: true,
      action: { type: 'ALLOW' },
      condition: {
        all: [
          { fact: 'transaction.kind', op: 'is', value: 'REGISTRATION' },
          { fact: 'transaction.bindingLink', op: 'is', value: true },
        ],
      },
    },
    {
      id: 'active-identities-sign-in',
      name: 'Active identities sign in',
      enabled: true,
      action: { type: 'ALLOW' },
      condition: {
        all: [
          { fact: 'transaction.kind', op: 'is', value: 'AUTHENTICATION' },
          { fact: 'identity.status', op: 'is', value: 'ACTIVE' },
        ],
      },
    },
  ],
});

/** The Console Authorization Policy: members of the access group sign in to the console, links bind, nothing else. */
export const consolePolicy = (consoleId: string, accessGroupId: string): PolicyDocument => ({
  format: 1,
  rules: [
    {
      id: 'console-access',
      name: 'Console Access members sign in to the Admin Console',
      enabled: true,
      action: { type: 'ALLOW' },
      condition: {
        all: [
          { fact: 'transaction.kind', op: 'is', value: 'AUTHENTICATION' },
          { fact: 'application.id', op: 'is', value: consoleId },
          { fact: 'identity.groups', op: 'contains', value: accessGroupId },
        ],
      },
    },
    {
      id: 'bind-through-link',
      name: 'Bind a passkey through a link',
      enabled: true,
      action: { type: 'ALLOW' },
      condition: {
        all: [
          { fact: 'transaction.kind', op: 'is', value: 'REGISTRATION' },
          { fact: 'transaction.bindingLink', op: 'is', value: true },
        ],
      },
    },
  ],
});
