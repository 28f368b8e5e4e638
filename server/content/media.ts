/** What a file really is, whatever its name says; and whether it is safe to hand out. */
export type MediaFacts = { mime: string; width: number | null; height: number | null };
export type Inspected = { ok: true; facts: MediaFacts } | { ok: false; problem: string };

const PICTURES: Readonly<Record<string, string>> = {
  svg: 'image/svg+xml',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
};
const DOWNLOADS: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  odt: 'application/vnd.oasis.opendocument.text',
  csv: 'text/csv',
};

export const MAX_MEDIA_BYTES = 5 * 1024 * 1024;

/**
 * Recognises a file by its content and compares it with its name.
 * @param kind `figures` are shown in lessons, `files` are downloaded.
 */
export function inspectMedia(name: string, kind: 'figures' | 'files', body: Buffer): Inspected {
  const problem = (text: string): Inspected => ({ ok: false, problem: text });
  const types = kind === 'figures' ? PICTURES : DOWNLOADS;
  const ending = name.split('.').at(-1)?.toLowerCase() ?? '';
  const expected = types[ending];
  if (expected === undefined) return problem(`Files in "${kind}" end in ${Object.keys(types).join(', ')}`);
  if (body.length > MAX_MEDIA_BYTES) return problem('The file is larger than 5 MB');
  const mime = recognise(body, ending);
  if (mime !== expected) return problem(`The content is not what the ending ".${ending}" says`);
  if (mime === PICTURES['svg']) {
    const text = body.toString('utf8');
    const unsafe = unsafeSvg(text);
    return unsafe === null ? { ok: true, facts: { mime, ...svgSize(text) } } : problem(unsafe);
  }
  if (ZIPPED.has(ending) && body.includes('vbaProject.bin')) return problem('The document contains macros');
  return { ok: true, facts: { mime, ...(pictureSize(mime, body) ?? { width: null, height: null }) } };
}

const ZIPPED = new Set(['docx', 'xlsx', 'odt']);

function recognise(body: Buffer, ending: string): string | null {
  const starts = (signature: string, at = 0) =>
    body.subarray(at, at + signature.length).equals(Buffer.from(signature, 'latin1'));
  if (starts('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (starts('\xff\xd8\xff')) return 'image/jpeg';
  if (starts('RIFF') && starts('WEBP', 8)) return 'image/webp';
  if (starts('%PDF-')) return 'application/pdf';
  if (starts('PK\x03\x04')) {
    if (body.includes(DOWNLOADS['odt'] ?? '') && ending === 'odt') return DOWNLOADS['odt'] ?? null;
    if (!body.includes('[Content_Types].xml')) return null;
    if (body.includes('word/document.xml')) return DOWNLOADS['docx'] ?? null;
    return body.includes('xl/workbook.xml') ? (DOWNLOADS['xlsx'] ?? null) : null;
  }
  const text = decodeUtf8(body);
  if (text === null || text.includes('\0')) return null;
  if (/^\uFEFF?\s*(<\?xml[^>]*\?>\s*)?(<!--[\s\S]*?-->\s*)*<svg[\s>]/.test(text)) return 'image/svg+xml';
  return ending === 'csv' ? 'text/csv' : null;
}

function decodeUtf8(body: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return null;
  }
}

/** Elements that draw and describe. Anything that runs, embeds, animates addresses or loads is not among them. */
const SVG_ELEMENTS = new Set(
  `svg g defs symbol use title desc metadata path rect circle ellipse line polyline polygon text tspan textPath image marker
   pattern mask clipPath linearGradient radialGradient stop style filter feBlend feColorMatrix feComposite feDropShadow
   feFlood feGaussianBlur feMerge feMergeNode feOffset switch`.split(/\s+/),
);

/** Why an SVG may not be shown, or null. Pages show pictures with `<img>`, where nothing runs; this guards the bare address. */
function unsafeSvg(source: string): string | null {
  const text = source.replace(/<!--[\s\S]*?-->/g, '').replace(/^\uFEFF?\s*<\?xml\s[^>]*\?>/, '');
  if (/<[!?]/.test(text)) return 'An SVG may hold no DOCTYPE, CDATA or processing instruction';
  for (const [, name = '', attributes = ''] of text.matchAll(/<([^\s/>]+)((?:"[^"]*"|'[^']*'|[^>"'])*)>/g)) {
    if (name === '') continue;
    if (!SVG_ELEMENTS.has(name)) return `The SVG element <${name}> is not allowed`;
    for (const [, attribute = '', quoted = ''] of attributes.matchAll(
      /([^\s=/"']+)\s*=\s*("[^"]*"|'[^']*')/g,
    )) {
      const value = decodeEntities(quoted.slice(1, -1)).trim();
      if (/^on/i.test(attribute)) return `The SVG attribute ${attribute} would run a script`;
      if (
        /^(xlink:)?href$|^src$/i.test(attribute) &&
        !/^(#|data:image\/(png|jpeg|webp);base64,)/.test(value)
      ) {
        return `The SVG refers to something outside itself (${attribute})`;
      }
      if (/^style$/i.test(attribute) && unsafeCss(value))
        return 'The SVG style refers to something outside the picture';
      if (/url\(\s*['"]?(?!#|['"])/i.test(value)) return 'The SVG refers to something outside itself (url)';
    }
  }
  for (const [, css = ''] of text.matchAll(/<style[^>]*>([\s\S]*?)<\/style/g)) {
    if (unsafeCss(decodeEntities(css))) return 'The SVG style refers to something outside the picture';
  }
  return null;
}

const unsafeCss = (css: string) => /@import|\\|expression\s*\(|url\(\s*['"]?(?!#|['"])/i.test(css);

function decodeEntities(value: string): string {
  return value.replace(/&#(x[0-9a-f]+|\d+);?/gi, (_, code: string) =>
    String.fromCodePoint(
      Math.min(0x10ffff, /^x/i.test(code) ? Number.parseInt(code.slice(1), 16) : Number(code)),
    ),
  );
}

type Size = { width: number | null; height: number | null };

function svgSize(text: string): Size {
  const root = /<svg\b[^>]*>/.exec(text)?.[0] ?? '';
  const box = /\bviewBox\s*=\s*["']\s*[-\d.]+[\s,]+[-\d.]+[\s,]+([\d.]+)[\s,]+([\d.]+)/.exec(root);
  if (box) return { width: Number(box[1]), height: Number(box[2]) };
  const side = (name: string) => {
    const match = new RegExp(`\\s${name}\\s*=\\s*["']([\\d.]+)(px)?["']`).exec(root);
    return match ? Number(match[1]) : null;
  };
  return { width: side('width'), height: side('height') };
}

function pictureSize(mime: string, body: Buffer): Size | null {
  try {
    if (mime === 'image/png') return { width: body.readUInt32BE(16), height: body.readUInt32BE(20) };
    if (mime === 'image/jpeg') return jpegSize(body);
    if (mime === 'image/webp') return webpSize(body);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return null;
}

/** Walks the segments to the start of frame (ITU T.81, B.2.2). */
function jpegSize(body: Buffer): Size | null {
  for (let at = 2; body.readUInt8(at) === 0xff; at += 2 + body.readUInt16BE(at + 2)) {
    const marker = body.readUInt8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { height: body.readUInt16BE(at + 5), width: body.readUInt16BE(at + 7) };
  }
  return null;
}

/** The three layouts of the WebP container specification: extended, lossy, lossless. */
function webpSize(body: Buffer): Size | null {
  const kind = body.toString('latin1', 12, 16);
  if (kind === 'VP8X') return { width: body.readUIntLE(24, 3) + 1, height: body.readUIntLE(27, 3) + 1 };
  if (kind === 'VP8 ')
    return { width: body.readUInt16LE(26) & 0x3fff, height: body.readUInt16LE(28) & 0x3fff };
  if (kind !== 'VP8L') return null;
  const bits = body.readUInt32LE(21);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}
