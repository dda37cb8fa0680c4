import { isIPv6 } from 'node:net';

/** Names of this installation that must not leave it. */
export interface Secrets {
  /** URL of the API server. */
  readonly server: string;
  readonly user: string;
}

/** What `redactor` masks, in words for the reader of the report. */
export const REDACTED: readonly string[] = [
  'API server address',
  'user names and e-mail addresses',
  'IP addresses',
  'tokens, keys, passwords and credentials in URLs',
];

type Rule = readonly [pattern: RegExp, replacement: string | ((match: string) => string)];

/** Shapes of credentials and addresses; the more specific come first. All patterns run in linear time. */
const RULES: readonly Rule[] = [
  [/-----BEGIN [A-Z ]{1,40}-----[^-]*(?:-----END [A-Z ]{1,40}-----)?/g, '<key>'],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g, '<token>'],
  [/\b(?:gh[pousr]_|github_pat_|glpat-|xox[abprs]-|sk-|ops_|hvs\.|AKIA|ASIA)[\w-]{12,}/g, '<token>'],
  [/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, '<token>'],
  [
    /\b(?:[a-z]{0,20}[_-])?(?:password|passwd|secret|token|api[_-]?key|access[_-]?key)["']?\s{0,3}[=:]\s{0,3}["']?[^\s"',;&]{3,}/gi,
    '<credential>',
  ],
  [/(?<=\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@]{1,256}@/gi, '<credential>@'],
  [/\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}\b/g, '<e-mail>'],
  [/\bip-\d{1,3}(?:-\d{1,3}){3}\b/g, '<ip>'],
  [/\b\d{1,3}(?:\.\d{1,3}){3}\b/g, '<ip>'],
  [/(?<![\w:])[0-9a-f:]{2,39}(?![\w:])/gi, (match) => (isIPv6(match) ? '<ip>' : match)],
];

/** Makes a function that masks every string inside a value and leaves the rest as it is. */
export function redactor({ server, user }: Secrets): <T>(value: T) => T {
  const addresses = [...exact(server, '<server>'), ...exact(hostOf(server), '<server>')];
  // The user's name comes last: it may be a part of an e-mail address.
  const rules = [...addresses, ...RULES, ...exact(user, '<user>')];
  const mask = (text: string): string =>
    rules.reduce((masked, [pattern, replacement]) => masked.replace(pattern, replacement as string), text);
  return (value) => mapStrings(value, mask) as typeof value;
}

/** A name as a whole word; nothing for one too short to be told from ordinary text. */
function exact(name: string, replacement: string): Rule[] {
  if (name.length < 3) return [];
  const literal = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return [[new RegExp(`(?<![\\w.-])${literal}(?![\\w-])`, 'gi'), replacement]];
}

function hostOf(server: string): string {
  return URL.parse(server)?.hostname ?? '';
}

function mapStrings(value: unknown, mask: (text: string) => string): unknown {
  if (typeof value === 'string') return mask(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, mask));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapStrings(item, mask)]));
}
