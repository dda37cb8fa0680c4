/** Keeps the newest lines of a stream within a bound of lines and characters, and counts what it dropped. */
export class LineBuffer {
  private kept: string[] = [];
  private characters = 0;
  private readonly maxLines: number;
  private readonly maxCharacters: number;
  dropped = 0;

  constructor(maxLines: number, maxCharacters: number) {
    this.maxLines = maxLines;
    this.maxCharacters = maxCharacters;
  }

  get lines(): readonly string[] {
    return this.kept;
  }

  push(added: readonly string[]): void {
    const next = this.kept.concat(added);
    for (const line of added) this.characters += line.length;
    let drop = Math.max(0, next.length - this.maxLines);
    for (let i = 0; i < drop; i += 1) this.characters -= next[i]?.length ?? 0;
    while (this.characters > this.maxCharacters && drop < next.length - 1) {
      this.characters -= next[drop]?.length ?? 0;
      drop += 1;
    }
    this.dropped += drop;
    this.kept = drop > 0 ? next.slice(drop) : next;
  }
}
