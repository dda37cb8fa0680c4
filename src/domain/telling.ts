/** The telling part of what kubelet, runtime and scheduler say. The whole text stays in details and events. */
import { shortImage } from './images.ts';

type Rule = readonly [pattern: RegExp, short: string | ((whole: string, ...groups: string[]) => string)];

const IP = String.raw`(?:\d+\.){3}\d+|\[[0-9a-f:]+\]`;

/** Applied one after the other. Each drops what repeats, what only machines read, or what the context says already. */
const RULES: readonly Rule[] = [
  [/\s+/g, ' '],
  // Severity, date, thread and place in the source that klog puts before each line.
  [/\b[IWEF]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ \S+:\d+\] /g, ''],
  [/\brpc error: code = \w+ desc = /g, ''],
  [/context deadline exceeded(?: \(Client\.Timeout[^)]*\))?/g, 'timed out'],
  // The address of a probed pod changes with each start; the port and path are what one looks up.
  [new RegExp(String.raw`\bGet "https?://(?:${IP})(:\d+)?([^"]*)": `, 'g'), 'GET $1$2: '],
  [/\bHTTP probe failed with statuscode: (\d+)/g, 'answered $1'],
  [/\bdial tcp (\S+): connect: /g, '$1 '],
  // From the reference, named up to four times, and the chain of wrapped errors only the last one says why.
  [
    /\b(Failed to pull|Back-off pulling) image "([^"]+)"(?:: (?:.*: )?([^:]+))?$/,
    (_whole, what = '', image = '', why) =>
      `${what} ${shortImage(image)}${why === undefined ? '' : `: ${why}`}`,
  ],
  [/\b(Back-off restarting failed container) (\S+) in pod \S+$/, '$1 $2'],
  [/\b(back-off \S+ restarting failed container)=\S+(?: pod=\S+)?/g, '$1'],
  [/\. preemption: .*$/, ''],
  [/ ?\([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\)/g, ''],
];

/** A message cut to its telling part, on one line; what no rule knows stays as it is. */
export function telling(message: string): string {
  let text = message;
  for (const [pattern, short] of RULES) {
    text = typeof short === 'string' ? text.replace(pattern, short) : text.replace(pattern, short);
  }
  return text.trim();
}
