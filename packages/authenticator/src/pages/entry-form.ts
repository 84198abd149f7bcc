import type { Child } from '../element.js';
import { entry } from '../messages/entry/index.js';
import { type Problem, problemOf } from '../problems.js';
import { element, type Frame } from '../view.js';

export interface Asked {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly type?: 'email' | 'text';
  readonly autocomplete?: string;
  readonly value?: string;
  readonly required?: boolean;
  /** For digits: which keyboard a phone shows. */
  readonly inputMode?: string;
  readonly maxLength?: number;
}

/** What went wrong, in the words of these pages where they have some. */
export function problemHere(error: unknown): Problem {
  const found = problemOf(error);
  return { ...found, message: entry.find(`error.${found.code}`) ?? found.message };
}

/** A form with one button; while it runs it can't be sent again, and what fails is said below it. */
export function formOf(
  view: Frame,
  fields: readonly Asked[],
  label: string,
  run: (value: (name: string) => string) => Promise<void>,
): HTMLFormElement {
  const inputs = new Map(fields.map((field) => [field.name, inputOf(field)]));
  const button = element('button', { type: 'submit', className: 'primary' }, label);
  const form = element('form', {}, ...fields.flatMap((field) => rowsOf(field, inputs)), button);
  let running = false;
  const mark = (yes: boolean): void => {
    running = yes;
    button.setAttribute('aria-disabled', String(yes));
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (running) return;
    mark(true);
    run((name) => inputs.get(name)?.value.trim() ?? '')
      .catch((error: unknown) => view.fail(problemHere(error)))
      .finally(() => mark(false));
  });
  return form;
}

function inputOf(field: Asked): HTMLInputElement {
  const input = element('input', {
    type: field.type ?? 'text',
    id: field.name,
    name: field.name,
    value: field.value ?? '',
    required: field.required ?? true,
    maxLength: field.maxLength ?? 256,
    spellcheck: false,
    autocomplete: (field.autocomplete ?? 'off') as AutoFill,
    ...(field.inputMode === undefined ? {} : { inputMode: field.inputMode }),
  });
  if (field.hint !== undefined) input.setAttribute('aria-describedby', `${field.name}-hint`);
  return input;
}

function rowsOf(field: Asked, inputs: ReadonlyMap<string, HTMLInputElement>): Child[] {
  const label = element('label', { htmlFor: field.name }, field.label);
  const hint =
    field.hint === undefined
      ? []
      : [element('p', { id: `${field.name}-hint`, className: 'hint' }, field.hint)];
  return [label, inputs.get(field.name) ?? '', ...hint];
}
