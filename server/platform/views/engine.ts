import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import Handlebars from 'handlebars';
import { formatDate, formatDateTime, formatMinutes, formatNumber, formatPercent } from '../i18n/format';
import type { Locale, Translate } from '../i18n/i18n';
import { fromRoot } from '../root';

/** What every template may use besides its view: reached by the helpers, never by name. */
export type ViewContext = {
  t: Translate;
  locale: Locale;
  /** The token for this session's forms. Called only by a template that has a form: it may start a session. */
  csrfToken?: () => string;
};
type Template = (view: object, options: Handlebars.RuntimeOptions) => string;

export type ViewEngine = {
  /** Renders `views/<name>.hbs`. Throws on a name or field that does not exist: templates run in strict mode. */
  render(name: string, view: object, context: ViewContext): string;
  /** Names of all templates, as `render` takes them. */
  names(): string[];
};

/**
 * Compiles every template under `folder` once. With `cache: false` (development) they are read again at each render.
 * Files in `partials/` are partials under their path: `{{> field}}`, `{{> charts/gap-bars}}`.
 */
export function createViewEngine(options: { cache: boolean; folder?: string }): ViewEngine {
  const folder = options.folder ?? fromRoot('views');
  let compiled = compileAll(folder);
  return {
    render(name, view, context) {
      if (!options.cache) compiled = compileAll(folder);
      const template = compiled.get(name);
      if (!template) throw new Error(`No template ${name}.hbs in ${folder}`);
      return template(view, { data: { context } });
    },
    names: () => [...compiled.keys()],
  };
}

function compileAll(folder: string): Map<string, Template> {
  const handlebars = Handlebars.create();
  registerHelpers(handlebars);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.hbs'),
  );
  const templates = new Map<string, Template>();
  for (const file of files) {
    const name = relative(folder, join(folder, file)).replace(/\.hbs$/, '');
    // Partials indented by the caller's white space would break <pre> and <textarea>.
    const template = handlebars.compile(readFileSync(join(folder, file), 'utf8'), {
      strict: true,
      preventIndent: true,
    });
    if (name.startsWith('partials/')) handlebars.registerPartial(name.slice('partials/'.length), template);
    else templates.set(name, template);
  }
  return templates;
}

function registerHelpers(handlebars: typeof Handlebars): void {
  type Options = Handlebars.HelperOptions;
  const context = (options: Options): ViewContext => options.data.context;
  const formatter =
    <T>(format: (value: T, locale: Locale) => string) =>
    (value: T, options: Options) =>
      format(value, context(options).locale);

  handlebars.registerHelper({
    csrf: (options: Options) => context(options).csrfToken?.() ?? '',
    t: (key: string, options: Options) => context(options).t(key, options.hash),
    date: formatter(formatDate),
    datetime: formatter(formatDateTime),
    isodate: (value: Date | string) => (value instanceof Date ? value.toISOString() : value),
    number: formatter((value: number, locale) => formatNumber(value, locale)),
    hours: formatter(formatMinutes),
    percent: formatter(formatPercent),
    eq: (a: unknown, b: unknown) => a === b,
    not: (a: unknown) => !a,
    and: (...args: unknown[]) => args.slice(0, -1).every(Boolean),
    or: (...args: unknown[]) => args.slice(0, -1).some(Boolean),
    concat: (...args: unknown[]) => args.slice(0, -1).join(''),
  });
}
