/**
 * Makes text of a cluster, log or file safe to show. The mapping is injective (before shortening): text that differs
 * still looks different, so no object can pass for another, and no byte of it can steer a terminal.
 */

/** What nearly all text is made of; nothing in it needs work. */
const PLAIN = /^[\x20-\x5b\x5d-\x7e]*$/;

/**
 * Code points that must not reach a screen as they are:
 * controls (C0, DEL, C1), line and paragraph separators, spaces that look like U+0020, everything invisible
 * (default ignorable code points, format characters such as bidi controls and zero-width joiners), lone surrogates,
 * private use, and the glyphs we write ourselves: control pictures and the start of a `\u{…}` escape.
 */
const UNSAFE =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2400-\u243f]|(?! )\p{Zs}|\\(?=u\{)/gu;

/** In text that is not in normal form: marks, conjoining jamo and code points that have a canonical twin. */
const DECOMPOSED = /[\p{M}\u1100-\u11ff]|[^\p{ASCII}]/gu;

/**
 * Text as it may be shown on one line. Controls become their control pictures (ESC → ␛, newline → ␊), other
 * invisible or direction-changing code points become `\u{200b}`; what is longer than `maxLength` UTF-16 units is
 * cut and ends in `…`. Works in time proportional to `maxLength`, however long the text is.
 */
export function clean(text: string, maxLength = 4096): string {
  const kept = text.length > maxLength ? text.slice(0, maxLength + 1) : text;
  const safe = PLAIN.test(kept) ? kept : escapeUnsafe(kept);
  return safe.length > maxLength ? `${wholeCharacters(safe, maxLength - 1)}…` : safe;
}

function escapeUnsafe(text: string): string {
  const escaped = text.replace(UNSAFE, visible);
  if (escaped.normalize('NFC') === escaped) return escaped;
  return escaped.replace(DECOMPOSED, (character) =>
    /\p{M}|[\u1100-\u11ff]/u.test(character) || character.normalize('NFC') !== character
      ? codePoint(character)
      : character,
  );
}

function visible(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '\u2421' : codePoint(character);
}

function codePoint(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}

/** The first `length` UTF-16 units, one less where that would split a surrogate pair. */
function wholeCharacters(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}
