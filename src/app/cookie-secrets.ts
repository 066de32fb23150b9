import { type CookieSecrets, rotateSecrets } from "../message/server-cookie.ts";

/** Milliseconds that a secret is used for new cookies: RFC 7873 §7.1 wants a few days at most. */
const SECRET_MS = 24 * 3600 * 1000;

/**
 * Secrets of server cookies, made by chance at the start and once a day. Cookies of the day before are known until they are
 * too old anyway; those of a server that was stopped are not, and their clients get new ones with their answers.
 */
export function dailySecrets(randomSecret: () => Uint8Array, now: () => number): () => CookieSecrets {
  let secrets: CookieSecrets = { current: randomSecret() };
  let since = now();
  return () => {
    const at = now();
    if (at - since >= SECRET_MS) {
      secrets = rotateSecrets(secrets, randomSecret());
      since = at;
    }
    return secrets;
  };
}
