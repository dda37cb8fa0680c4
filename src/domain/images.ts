/** Image names and why they cannot be pulled. */

/** The part of an image reference that humans compare: `docker.io/bitnami/kubectl:v1.31.3` → `kubectl:v1.31.3`. */
export function shortImage(image: string): string {
  const last = image.slice(image.lastIndexOf('/') + 1);
  return last.replace(/@(sha256:[0-9a-f]{7})[0-9a-f]*$/, '@$1');
}

const CAUSES: readonly { readonly pattern: RegExp; readonly why: string }[] = [
  {
    pattern: /toomanyrequests|too many requests|rate limit|\b429\b/i,
    why: 'the registry limits the rate of pulls',
  },
  {
    pattern: /no such host|server misbehaving|name resolution/i,
    why: 'no such host: the registry name does not resolve',
  },
  { pattern: /x509|certificate|tls: /i, why: 'the registry certificate is not trusted' },
  { pattern: /no match for platform|no matching manifest/i, why: 'no image for this CPU architecture' },
  { pattern: /no space left/i, why: 'no space left on the node' },
  {
    // Registries answer "denied" for a repository that does not exist as well.
    pattern: /unauthorized|authentication required|denied|forbidden|\b40[13]\b/i,
    why: 'unauthorized: pull secret missing or wrong, or no such repository',
  },
  { pattern: /name unknown|repository .* not found/i, why: 'repository not found' },
  { pattern: /not found|notfound|manifest unknown|\b404\b/i, why: 'tag not found' },
  {
    pattern: /connection refused|i\/o timeout|deadline exceeded|no route|unreachable|\beof\b|reset by peer/i,
    why: 'the registry cannot be reached',
  },
  { pattern: /\b50[0234]\b|bad gateway|service unavailable/i, why: 'the registry has an error of its own' },
];

/** Why a pull failed, read from the messages of the kubelet; undefined when they do not say. */
export function pullFailure(reason: string, messages: readonly string[]): string | undefined {
  if (reason === 'InvalidImageName') return 'the image name is not valid';
  if (reason === 'ErrImageNeverPull') return 'not on the node, and its pull policy is Never';
  const text = messages.join('\n');
  return CAUSES.find(({ pattern }) => pattern.test(text))?.why;
}
