/** One form field as `partials/field.hbs` and `partials/select.hbs` draw it. */
export type FieldView = {
  id: string;
  name: string;
  type: 'text' | 'email' | 'password' | 'number' | 'date' | 'time' | 'url' | 'tel' | 'search' | 'textarea';
  label: string;
  value: string;
  hint: string | null;
  error: string | null;
  optional: boolean;
  autocomplete: string | null;
  short: boolean;
  rows: number | null;
  min: number | string | null;
  max: number | string | null;
  step: number | string | null;
  maxlength: number | null;
  inputmode: string | null;
};

/** A field with everything a caller leaves out switched off. The id is the name, which is what error summaries link to. */
export function field(
  name: string,
  label: string,
  given: Partial<Omit<FieldView, 'name' | 'label'>> = {},
): FieldView {
  return {
    id: name,
    name,
    type: 'text',
    label,
    value: '',
    hint: null,
    error: null,
    optional: false,
    autocomplete: null,
    short: false,
    rows: null,
    min: null,
    max: null,
    step: null,
    maxlength: null,
    inputmode: null,
    ...given,
  };
}

/** A choice among few options, drawn by `partials/select.hbs`. */
export type SelectView = {
  id: string;
  name: string;
  label: string;
  hint: string | null;
  error: string | null;
  options: { value: string; label: string; selected: boolean }[];
};

export function select(
  name: string,
  label: string,
  options: { value: string; label: string }[],
  given: { value?: string | null; hint?: string | null; error?: string | null } = {},
): SelectView {
  return {
    id: name,
    name,
    label,
    hint: given.hint ?? null,
    error: given.error ?? null,
    options: options.map((option) => ({ ...option, selected: option.value === (given.value ?? '') })),
  };
}
