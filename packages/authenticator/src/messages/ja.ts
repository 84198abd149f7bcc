import type { Translation } from '../words.js';
import type { en } from './en.js';

export const ja: Translation<typeof en> = {
  'frame.help': 'お困りの場合:',
  'frame.helpPage': 'ヘルプページ',
  'frame.reference': '参照番号',
  'frame.copyReference': '参照番号をコピー',
  'frame.copied': 'コピーしました',
  'frame.follow': 'デバイスの案内に従い、指紋、顔、または PIN で確認してください。',
  'frame.followElsewhere':
    'ブラウザーに表示されるコードを、スマートフォンまたはタブレットで読み取ってください。',
  'frame.checking': '確認しています…',
  'frame.close': 'このページを閉じてかまいません。',

  'bind.title': 'パスキーを作成',
  'bind.for': 'このリンクは {name} さん専用です。1 回だけ使えます。',
  'bind.forUsername': 'このリンクは {name} さん({username})専用です。1 回だけ使えます。',
  'bind.until': '有効期限は {time} です。',
  'bind.why':
    'パスキーはパスワードの代わりになります。このデバイスのロックを解除するのと同じ方法で使えます。',
  'bind.button': 'パスキーを作成',
  'bind.elsewhere': '別のデバイスで作成',
  'bind.ready': '{passkey} の準備ができました。次回のログインでお使いください。',
  'bind.leaving': '{passkey} の準備ができました。移動しています…',

  'signIn.title': 'ログイン',
  'signIn.to': '{application} に進みます',
  'signIn.username': 'ユーザー名(お持ちのパスキーがここに表示されます)',
  'signIn.button': 'パスキーでログイン',
  'signIn.elsewhere': '別のデバイスのパスキーを使う',
  'signIn.older': '以前または新しいパスキーを使う',
  'signIn.lost': 'パスキーを紛失しましたか？',
  'signIn.signUp': '新規登録',
  'signIn.leaving': 'ログインしました。移動しています…',

  'accounts.title': 'アカウントを選択',
  'accounts.another': '別のアカウントを使う',
  'accounts.signOut': 'ログアウト',
  'accounts.signOutOf': '{name} をログアウト',
  'accounts.signedOut': '{name} をログアウトしました。',
  'accounts.fresh': 'アプリケーションが再度のログインを求めています。',

  'signOut.title': 'ログアウト',
  'signOut.question': '{realm} にログインしています。関連するアプリケーションも含めてログアウトしますか?',
  'signOut.button': 'ログアウト',
  'signOut.working': 'ログアウトしています…',
  'signedOut.title': 'ログアウトしました',
  'signedOut.text': 'ログアウトしました。このページを閉じてかまいません。',

  'failure.title': 'うまくいきませんでした',
  'failure.nothingHere': 'ページが見つかりません',
  'failure.over': 'このリンクは使えなくなりました',

  'unsupported.title': 'このブラウザーではパスキーを使えません',
  'unsupported.inApp':
    'このページは別のアプリの中で開かれています。アプリのメニューから「ブラウザーで開く」を選ぶか、アドレスをコピーしてブラウザーで開いてください。',
  'unsupported.update':
    'このブラウザーを更新するか、最新の Chrome、Edge、Firefox、または Safari でページを開いてください。',
  'unsupported.insecure':
    'パスキーを使うには、https で始まる安全なアドレスが必要です。このアドレスの送り主にお知らせください。',
  'unsupported.copy': 'アドレスをコピー',

  'error.CANCELLED':
    '何も変更されていません。キャンセルされたか、時間切れになりました。準備ができたら、もう一度お試しください。',
  'error.NO_AUTHENTICATOR':
    'このデバイスではパスキーを作成できません。画面ロックまたは PIN を設定するか、別のデバイスをお使いください。',
  'error.ALREADY_BOUND':
    'このデバイスには、このアカウントのパスキーがすでにあります。それを使ってログインするか、別のデバイスをお使いください。',
  'error.WRONG_ADDRESS':
    'このアドレスではパスキーを使えません。受け取ったとおりのアドレスでページを開いてください。',
  'error.UNKNOWN': 'パスキーを使えませんでした。もう一度お試しください。',
  'error.OFFLINE': 'サーバーに接続できません。接続を確認してから、もう一度お試しください。',
  'error.INTERNAL': '当方で問題が発生しました。もう一度お試しください。',
  'error.BROKEN': '当方で問題が発生しました。お手数ですが、最初からやり直してください。',
  'error.LINK_INCOMPLETE': 'アドレスが不完全です。受け取ったリンク全体を開いてください。',
  'error.LINK_INVALID': 'このリンクは無効です。新しいリンクを依頼してください。',
  'error.LINK_EXPIRED': 'このリンクの有効期限が切れています。新しいリンクを依頼してください。',
  'error.LINK_USED':
    'このリンクはすでに使用されています。別のパスキーを登録するには、新しいリンクを依頼してください。',
  'error.LINK_REVOKED': 'このリンクは取り消されました。新しいリンクを依頼してください。',
  'error.LINK_OUTGROWN':
    'このリンクの作成後に、あなたの権限が変更されました。新しいリンクを依頼してください。',
  'error.CHALLENGE_INVALID': '時間切れになったか、2 回試行されました。もう一度お試しください。',
  'error.PASSKEY_UNKNOWN':
    'このパスキーは受け付けられませんでした。別のパスキーを使うか、新しいリンクを依頼してください。',
  'error.PASSKEY_REFUSED':
    'このパスキーは受け付けられませんでした。別のパスキーを使うか、新しいリンクを依頼してください。',
  'error.REAUTHENTICATION_REQUIRED': '続けるには、もう一度パスキーを使ってください。',
  'error.LAST_PASSKEY':
    'これは最後のパスキーです。なくなるとログインできなくなります。先に別のパスキーを追加するか、確認してください。',
  'error.UNAUTHENTICATED': 'アカウントを表示するにはパスキーを使ってください。',
  'error.ADMIN_LOCKOUT':
    'この変更の後は誰もコンソールにログインできなくなります。先に別の管理者にアクセス権とパスキーを与えてください。',
  'error.POLICY_DENIED': 'この組織のルールでは許可されていません。',
  'error.INTERACTION_EXPIRED':
    'このログインは期限切れか、別のブラウザーで開始されたものです。アプリケーションからやり直してください。',
  'error.RATE_LIMITED': 'リクエストが多すぎます。1 分待ってから、もう一度お試しください。',
  'error.FORBIDDEN': 'この操作は許可されていません。',
  'error.INVALID_INPUT': 'リクエストを読み取れませんでした。最初からやり直してください。',
  'error.MODEL_NOT_ALLOWED':
    'このデバイスまたはセキュリティキーは、ここでは使えません。別のものをお使いください。',
  'error.NOT_FOUND':
    'このアドレスにページはありません。受け取ったリンクを確認するか、アプリケーションからやり直してください。',
  'error.invalid_request': 'アプリケーションから無効なリクエストが送信されました。',
  'error.invalid_client': 'このアプリケーションはここでは登録されていません。',
  'error.invalid_redirect_uri': 'アプリケーションが、登録されていないアドレスに戻ろうとしました。',
  'error.access_denied': 'この操作は許可されていません。',
  'error.server_error': '当方で問題が発生しました。',
};
