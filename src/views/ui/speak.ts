import type { Line, Segment } from '../model.ts';
import { GLYPH, wordOfGlyph } from './glyphs.ts';
import { seg, textOf } from './line.ts';

/** Rules, bars and sparklines: pictures that say nothing aloud. */
const PICTURE = /^[─━│█░▁▂▃▄▅▆▇· ]+$/;

/**
 * Rewrites a line for a screen reader: severity glyphs become words, the cursor becomes "selected", pictures
 * vanish, columns close up. The numbers that stood beside a bar stay.
 */
export function speak(content: Line): Line {
  const spoken = content.map(speakSegment);
  const text = textOf(spoken).replace(/ {2,}/g, '  ').trim();
  return text === '' ? [] : [seg(text)];
}

function speakSegment(segment: Segment): Segment {
  const word = wordOfGlyph(segment.text, segment.token);
  if (word !== undefined) return seg(`${word} `);
  if (segment.text === GLYPH.cursor) return seg('selected ');
  if (PICTURE.test(segment.text)) return seg('  ');
  return seg(segment.text.replace(/[─━│█░▁▂▃▄▅▆▇▏]+/g, ' '));
}
