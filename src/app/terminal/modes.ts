/** Alternate screen on, cursor hidden, bracketed paste on, cleared. */
export const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?2004h\x1b[0m\x1b[2J';

/** Everything the console may have switched, back to what a shell expects. */
export const LEAVE = '\x1b[?2026l\x1b[?2004l\x1b[0m\x1b[?25h\x1b[?1049l';
