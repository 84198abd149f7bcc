import type { Words } from './words.types.js';

export const ja: Words = {
  hello: 'こんにちは。',
  helloName: (name) => `${name} 様`,
  writeTo: (address) => `ご不明な点は ${address} までお問い合わせください。`,
  readAt: (address) => `ヘルプはこちら: ${address}`,
  once: (until) => `このリンクは ${until} まで、1 回だけ使えます。ほかの人には渡さないでください。`,

  binding: {
    subject: (realm) => `${realm} のパスキーを設定してください`,
    invitation: (realm) =>
      `${realm} のパスキーの設定にご招待します。パスキーがあれば、パスワードなしでログインできます。`,
    button: 'パスキーを設定する',
    unexpected: 'このメールに心当たりがない場合は無視してください。リンクを使わない限り、何も起こりません。',
  },

  recoveryRequested: {
    subject: (realm) => `${realm} のアカウントに新しいパスキーが依頼されました`,
    asked: (realm) =>
      `パスキーをなくしたというご本人を名乗る方から、${realm} の新しいパスキーの依頼がありました。`,
    waits: (from) =>
      `ご本人の場合は、今は何もする必要はありません。${from} 以降に、指定されたアドレスにリンクが届きます。`,
    comes: 'ご本人の場合は、ここでは何もする必要はありません。指定されたアドレスにリンクが届きます。',
    revokes: '新しいパスキーが設定されると、これまでのパスキーはすべて使えなくなります。',
    stop: 'ご本人でない場合は、今すぐ中止してください:',
    harmless: 'このリンクでできるのは、依頼を中止することだけです。',
  },
  recoveryLink: {
    subject: (realm) => `${realm} の新しいパスキー`,
    lost: (realm) =>
      `${realm} のパスキーをなくされたとのことです。このリンクを開いたデバイスで、新しいパスキーを設定できます。`,
    button: '新しいパスキーを設定する',
    unexpected: '依頼した覚えがない場合は、リンクを開かず、アカウントの管理者に連絡してください。',
  },
  recoveryCompleted: {
    subject: (realm) => `${realm} のアカウントに新しいパスキーが追加されました`,
    added: (passkey, realm) =>
      `パスキーをなくしたとの申し出により、${realm} のアカウントに新しいパスキー(${passkey})が追加されました。`,
    revoked: 'これまでのパスキーは使えなくなりました。',
    undo: (until) =>
      `ご本人でない場合は、${until} までに取り消してください。新しいパスキーはすぐに使えなくなります:`,
    expected: 'ご本人の場合は、何もする必要はありません。',
  },
  notMe: '心当たりがありません',

  signUpLink: {
    subject: (realm) => `${realm} のメールアドレスを確認してください`,
    wanted: (realm) =>
      `${realm} のアカウント作成のお申し込みがありました。このアドレスがご自身のものであることを確認し、パスキーの設定に進んでください。`,
    button: '確認して進む',
    until: (until) => `このリンクは ${until} まで使えます。ほかの人には渡さないでください。`,
  },
  signUpCode: {
    subject: (realm) => `${realm} の確認コード`,
    wanted: (realm) =>
      `${realm} のアカウント作成のお申し込みがありました。コードを求めているページに、次のコードを入力してください:`,
    until: (until) =>
      `コードは ${until} まで有効です。誰にも教えないでください。メールや電話でお尋ねすることはありません。`,
  },
  signUpTaken: {
    subject: (realm) => `${realm} のアカウントはすでにあります`,
    taken: (realm) =>
      `どなたか(あるいはご本人)が、このアドレスで ${realm} に登録しようとしました。アカウントはすでにありますので、パスキーでログインしてください。`,
    lost: 'パスキーをなくした場合は、このページでできることをご確認ください:',
    button: 'パスキーをなくしました',
    unexpected: 'ご本人でない場合は、このメールを無視してください。何も変更されていません。',
  },
  signUpUnexpected: '登録するつもりがなかった場合は、このメールを無視してください。何も起こりません。',
};
