/** Image names and why they cannot be pulled. */

/** The part of an image reference that humans compare: `docker.io/bitnami/kubectl:v1.31.3` → `kubectl:v1.31.3`. */
export function shortImage(image: string): string {
  const last = image.slice(image.lastIndexOf('/') + 1);
  return last.replace(/@(sha256:[0-9a-f]{7})[0-9a-f]*$/, '@$1');
}

interface PullTrouble {
  readonly pattern: RegExp;
  readonly why: string;
  /** What to do; `wrong` when the image itself must be corrected. */
  readonly advice: readonly string[] | 'wrong';
}

const TRIES = 'the kubelet tries again by itself';

/** The first that fits is told. */
const TROUBLES: readonly PullTrouble[] = [
  {
    pattern: /toomanyrequests|too many requests|rate limit|\b429\b/i,
    why: 'the registry limits the rate of pulls',
    advice: [`wait: ${TRIES}`, 'log in with a pull secret, or pull through a mirror of your own'],
  },
  {
    pattern: /no such host|server misbehaving|name resolution/i,
    why: 'no such host: the registry name does not resolve',
    advice: ['mend the DNS of the node, or correct the name of the registry'],
  },
  {
    pattern: /x509|certificate|tls: /i,
    why: 'the registry certificate is not trusted',
    advice: ['let the nodes trust the certificate of the registry, or renew it'],
  },
  {
    pattern: /no match for platform|no matching manifest/i,
    why: 'no image for this CPU architecture',
    advice: ['use an image built for this architecture, or select nodes that fit it'],
  },
  {
    pattern: /no space left/i,
    why: 'no space left on the node',
    advice: ['free space on the node: images, logs, volumes of containers'],
  },
  {
    // Registries answer "denied" for a repository that does not exist as well.
    pattern: /unauthorized|authentication required|denied|forbidden|\b40[13]\b/i,
    why: 'unauthorized: pull secret missing or wrong, or no such repository',
    advice: 'wrong',
  },
  { pattern: /name unknown|repository .* not found/i, why: 'repository not found', advice: 'wrong' },
  {
    pattern: /not found|notfound|manifest unknown|\b404\b/i,
    why: 'tag not found',
    advice: 'wrong',
  },
  {
    pattern: /connection refused|i\/o timeout|deadline exceeded|no route|unreachable|\beof\b|reset by peer/i,
    why: 'the registry cannot be reached',
    advice: [`check the way from the node to the registry; ${TRIES}`],
  },
  {
    pattern: /\b50[0234]\b|bad gateway|service unavailable/i,
    why: 'the registry has an error of its own',
    advice: [`wait for the registry: ${TRIES}`],
  },
];

/** Why a pull failed, read from the messages of the kubelet; undefined when they do not say. */
export function pullFailure(reason: string, messages: readonly string[]): string | undefined {
  if (reason === 'InvalidImageName') return 'the image name is not valid';
  if (reason === 'ErrImageNeverPull') return 'not on the node, and its pull policy is Never';
  if (reason === 'SignatureValidationFailed') return 'its signature is not valid';
  const text = messages.map(withoutNames).join('\n');
  return TROUBLES.find(({ pattern }) => pattern.test(text))?.why;
}

/** An image may be called by any word that explains a failure: `"ghcr.io/a/certificate-exporter:1"`. */
function withoutNames(message: string): string {
  const words = message.replace(/"[^"]*"/g, '').split(/\s+/);
  return words.filter((word) => !(word.includes('/') && /[:@]/.test(word))).join(' ');
}

/** What to do about an image that cannot be pulled, given what `pullFailure` found. */
export function pullAdvice(image: string, why: string | undefined): readonly string[] {
  const known = TROUBLES.find((trouble) => trouble.why === why)?.advice;
  if (known !== undefined && known !== 'wrong') return known;
  return [
    `correct the image ${shortImage(image)} in Git: restarting does not help`,
    'if it exists, check the pull secret and the registry',
  ];
}
