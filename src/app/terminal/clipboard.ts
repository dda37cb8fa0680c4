/** Terminals drop larger clipboard requests; this is what xterm and tmux take. */
const MAX_BYTES = 74_994;

/**
 * The OSC 52 request that asks the terminal to put `text` on the clipboard, wrapped for tmux or GNU screen when
 * inside one. Undefined when the text is too long to be accepted. Whether the terminal obeys cannot be known, so
 * say "sent to terminal", never "copied".
 */
export function clipboardRequest(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const payload = Buffer.from(text, 'utf8').toString('base64');
  if (payload.length > MAX_BYTES) return undefined;
  const request = `\x1b]52;c;${payload}\x07`;
  if (env.TMUX) return `\x1bPtmux;\x1b${request}\x1b\\`;
  if (env.TERM?.startsWith('screen')) return `\x1bP${request}\x1b\\`;
  return request;
}
