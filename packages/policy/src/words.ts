import type { KnownFactName } from './facts.js';

/** How a fact is spoken of in a sentence: yes-or-no facts as two clauses, the others by their subject. */
type Words = { readonly subject: string } | { readonly yes: string; readonly no: string };

export const WORDS: Readonly<Record<KnownFactName, Words>> = {
  'transaction.kind': { subject: 'the transaction' },
  'transaction.bindingLink': {
    yes: 'the person holds a valid binding link',
    no: 'the person holds no valid binding link',
  },
  'transaction.bindingDelivery': { subject: 'the delivery of the binding link' },
  'application.id': { subject: 'the application' },
  'authenticatorConfig.id': { subject: 'the authenticator config' },
  'identity.id': { subject: 'the identity' },
  'identity.status': { subject: 'the status of the identity' },
  'identity.groups': { subject: 'the identity' },
  'identity.enrolledSince': { subject: 'the first passkey of the identity' },
  'passkey.aaguid': { subject: 'the model of the authenticator' },
  'passkey.attested': {
    yes: 'the maker vouched for the model',
    no: 'the maker did not vouch for the model',
  },
  'passkey.deviceBound': {
    yes: 'the passkey is bound to one device',
    no: 'the passkey is not bound to one device',
  },
  'passkey.backedUp': { yes: 'the passkey is backed up', no: 'the passkey is not backed up' },
  'passkey.userVerified': { yes: 'the user was verified', no: 'the user was not verified' },
  'passkey.ageDays': { subject: 'the age of the passkey in days' },
  'passkey.lastUsed': { subject: 'the last use of the passkey' },
  'passkey.unusedDays': { subject: 'the number of days without use of the passkey' },
  'request.ip': { subject: 'the IP address' },
  'request.country': { subject: 'the country' },
  'request.platform': { subject: 'the platform' },
  'request.browser': { subject: 'the browser' },
  'request.time': { subject: 'the time' },
  'history.failuresIn10Minutes': { subject: 'the number of failures in 10 minutes' },
  'history.failuresInHour': { subject: 'the number of failures in an hour' },
  'history.failuresInDay': { subject: 'the number of failures in a day' },
  'history.newIp': {
    yes: 'the IP address is new for the identity',
    no: 'the IP address is known of the identity',
  },
  'history.newDevice': {
    yes: 'the device is new for the identity',
    no: 'the device is known of the identity',
  },
};

/** Values that have a word of their own. Never an id: ids get the names that the caller knows. */
export const VALUE_WORDS: Readonly<Record<string, string>> = {
  REGISTRATION: 'a registration',
  AUTHENTICATION: 'a sign-in',
  RETURN: 'returned to the caller',
  EMAIL: 'by e-mail',
  ACTIVE: 'active',
  SUSPENDED: 'suspended',
  ANDROID: 'Android',
  CHROMEOS: 'ChromeOS',
  IOS: 'iOS',
  IPADOS: 'iPadOS',
  LINUX: 'Linux',
  MACOS: 'macOS',
  WINDOWS: 'Windows',
  CHROME: 'Chrome',
  EDGE: 'Edge',
  FIREFOX: 'Firefox',
  OPERA: 'Opera',
  SAFARI: 'Safari',
  SAMSUNG_INTERNET: 'Samsung Internet',
};

export const DAY_WORDS = {
  MON: 'Monday',
  TUE: 'Tuesday',
  WED: 'Wednesday',
  THU: 'Thursday',
  FRI: 'Friday',
  SAT: 'Saturday',
  SUN: 'Sunday',
} as const;
