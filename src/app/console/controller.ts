import { dataOf } from '../../domain/snapshot.ts';
import { frame } from '../../views/frame.ts';
import { VIEWS } from '../../views/index.ts';
import { press } from '../../views/interaction.ts';
import type { Effect, KeyPress, ScreenModel } from '../../views/model.ts';
import type { Theme } from '../../views/ui/theme.ts';
import { contentOf } from '../../views/viewer.ts';
import { complaintOf } from '../errors.ts';
import type { LiveSession } from '../session.ts';
import { freezeView } from './freeze.ts';
import { Painter } from './painter.ts';
import { appendLog, type ConsoleStore } from './store.ts';
import { ViewerLoader } from './viewerLoader.ts';

/** What the controller asks of the process around it. */
export interface Surroundings {
  size(): { readonly columns: number; readonly rows: number };
  /** Opens another kube context. */
  open(context: string): Promise<LiveSession>;
  /** Hands the clipboard request to the terminal; false when the text is too long. */
  copy(text: string): boolean;
  /** Writes a text to a new private file and returns its name. */
  save(text: string): Promise<string>;
  repaint(): void;
  suspend(): Promise<void>;
  quit(): void;
}

const TOAST_MS = 2_000;
const ERROR_TOAST_MS = 4_000;

/**
 * The loop of the console: data changes and keys come in, painted rows go to the store. It holds no cluster data;
 * it asks the session for them whenever it draws.
 */
export class ConsoleController {
  private readonly store: ConsoleStore;
  private readonly theme: Theme;
  private readonly around: Surroundings;
  private readonly painter: Painter;
  private readonly loader: ViewerLoader;
  private assessed = false;
  /** Counts the contexts that were chosen. */
  private choice = 0;

  constructor(store: ConsoleStore, theme: Theme, around: Surroundings) {
    this.store = store;
    this.theme = theme;
    this.around = around;
    this.painter = new Painter(() => this.draw());
    this.loader = new ViewerLoader((viewer) => {
      this.store.setState({ viewer });
      this.painter.dataChanged();
    });
  }

  /** Something in the session changed: judge and draw again soon. */
  readonly dataChanged = (): void => {
    this.assessed = false;
    this.painter.dataChanged();
  };

  /** Feeds one key press through the reducer against what is true now. */
  readonly key = (key: KeyPress): void => {
    const { ui, effects } = press(key, this.model(), VIEWS, Date.now());
    const { frozenAt: wasFrozenAt } = this.store.getState().ui;
    this.store.setState({ ui });
    if (ui.frozenAt !== wasFrozenAt) this.setFrozen(ui.frozenAt !== undefined);
    for (const effect of effects) this.perform(effect);
    this.painter.now();
  };

  /** Draws at once, for example after a resize. */
  redraw(): void {
    this.painter.now();
  }

  log(text: string): void {
    appendLog(this.store, { at: Date.now(), text });
  }

  async stop(): Promise<void> {
    this.painter.stop();
    this.loader.close();
    await this.store.getState().session.close();
  }

  /** All that the next frame is made from. */
  model(): ScreenModel {
    const { ui, session, frozen, viewer, log } = this.store.getState();
    const now = ui.frozenAt ?? Date.now();
    if (!this.assessed && frozen === undefined) {
      session.assess(now);
      this.assessed = true;
    }
    const state = frozen?.state ?? session.state();
    return {
      now,
      ...this.around.size(),
      session: session.target,
      connection: session.connection(),
      state,
      judge: frozen?.judge ?? session.judge,
      ui,
      viewerContent: viewer,
      namespaces: [...(dataOf(state.namespaces)?.values() ?? [])].map(({ name }) => name).sort(),
      log,
    };
  }

  private draw(): void {
    this.expireToast();
    // Verdicts depend on time as well as on data, so each drawing judges anew; the judge keeps that cheap.
    this.assessed = false;
    const rows = frame(this.model(), this.theme).map((line) => this.theme.paint(line));
    const shown = this.store.getState().frame;
    const unchanged = rows.length === shown.length && rows.every((row, index) => row === shown[index]);
    if (!unchanged) this.store.setState({ frame: rows });
  }

  private perform(effect: Effect): void {
    const { session } = this.store.getState();
    switch (effect.type) {
      case 'quit':
        this.around.quit();
        break;
      case 'suspend':
        void this.around.suspend().then(this.dataChanged);
        break;
      case 'repaint':
        this.around.repaint();
        break;
      case 'retry':
        session.retryNow();
        this.toast('asking again now');
        break;
      case 'copy':
        this.copy(effect.text, effect.label);
        break;
      case 'load':
        void this.loader.load(session, effect.kind, effect.ref);
        break;
      case 'logs':
        void this.loader.logs(session, effect.ref, effect.container, effect.previous);
        break;
      case 'close-viewer':
        this.loader.close();
        break;
      case 'save':
        void this.save(effect.label);
        break;
      case 'context':
        void this.switchContext(effect.name);
        break;
      default:
        effect satisfies never;
    }
  }

  /** The terminal does not tell whether it obeyed, so neither do we claim it. */
  private copy(text: string, label: string): void {
    if (this.around.copy(text)) this.toast(`${label} sent to terminal`);
    else this.toast(`${label} is too long for the terminal's clipboard`, true);
  }

  private setFrozen(frozen: boolean): void {
    const { session } = this.store.getState();
    this.store.setState({ frozen: frozen ? freezeView(session.state(), session.judge) : undefined });
  }

  /**
   * The old session goes on until the new one is open, so a context that cannot be opened costs nothing. Of
   * several choices in a row the last one counts, whichever opens first.
   */
  private async switchContext(context: string): Promise<void> {
    this.choice += 1;
    const { choice } = this;
    this.toast(`opening ${context}…`);
    try {
      const next = await this.around.open(context);
      if (choice !== this.choice) return await next.close();
      const { session: old, ui } = this.store.getState();
      const { frozenAt: _, ...unfrozen } = ui;
      this.loader.close();
      this.store.setState({
        session: next,
        frozen: undefined,
        ui: { ...unfrozen, namespace: '', viewers: [] },
      });
      this.dataChanged();
      await old.close();
    } catch (error) {
      if (choice === this.choice) this.toast(`cannot open ${context}: ${complaintOf(error).message}`, true);
    }
  }

  /** Saves the whole text of the open viewer, not only what fits on the screen. */
  private async save(label: string): Promise<void> {
    const lines = contentOf(this.model())?.lines ?? [];
    try {
      this.toast(`${label} saved to ${await this.around.save(`${lines.join('\n')}\n`)}`);
    } catch (error) {
      this.toast(`cannot save: ${complaintOf(error).message}`, true);
    }
  }

  private toast(text: string, error = false): void {
    const until = Date.now() + (error ? ERROR_TOAST_MS : TOAST_MS);
    if (error) this.log(text);
    this.store.setState(({ ui }) => ({ ui: { ...ui, toast: { text, error, until } } }));
    this.painter.dataChanged();
  }

  private expireToast(): void {
    const { ui } = this.store.getState();
    if (ui.toast === undefined || ui.toast.until > Date.now()) return;
    const { toast: _, ...rest } = ui;
    this.store.setState({ ui: rest });
  }
}
