import { inspectMedia } from './media';

const svg = (inside: string, root = '') =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 452"${root}>${inside}</svg>`);

const PNG = Buffer.concat([
  Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
  Buffer.from([0, 0, 0, 13]),
  Buffer.from('IHDR'),
  Buffer.from([0, 0, 3, 32, 0, 0, 1, 144, 8, 6, 0, 0, 0]),
]);
const JPEG = Buffer.from(
  'ffd8ffe000104a46494600010100000100010000ffc0001108012c01900301220002110103110',
  'hex',
);
const WEBP = Buffer.concat([
  Buffer.from('RIFF\x1a\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00', 'latin1'),
  Buffer.from([0, 0, 0, 0, 0x1f, 3, 0, 0x8f, 1, 0]),
]);

describe('a picture', () => {
  it.each([
    ['a.svg', svg('<title>x</title><rect width="1" height="1"/>'), 'image/svg+xml', 640, 452],
    ['a.png', PNG, 'image/png', 800, 400],
    ['a.jpg', JPEG, 'image/jpeg', 400, 300],
    ['a.webp', WEBP, 'image/webp', 800, 400],
  ])('is recognised by its content, with its size: %s', (name, body, mime, width, height) => {
    expect(inspectMedia(name, 'figures', body)).toEqual({ ok: true, facts: { mime, width, height } });
  });

  it.each([
    ['PNG named SVG', 'a.svg', PNG],
    ['HTML named PNG', 'a.png', Buffer.from('<script>alert(1)</script>')],
    ['HTML named SVG', 'a.svg', Buffer.from('<html><svg></svg></html>')],
    ['a download among the figures', 'a.pdf', Buffer.from('%PDF-1.7')],
    ['a file too large', 'a.png', Buffer.concat([PNG, Buffer.alloc(5 * 1024 * 1024)])],
  ])('is refused: %s', (_, name, body) => {
    expect(inspectMedia(name, 'figures', body)).toMatchObject({ ok: false });
  });

  it.each([
    '<script>alert(1)</script>',
    '<SCRIPT>alert(1)</SCRIPT>',
    '<svg:script>alert(1)</svg:script>',
    '<foreignObject><body/></foreignObject>',
    '<rect onclick="alert(1)"/>',
    "<rect\nonload='alert(1)'/>",
    '<a href="https://example.org"><text>x</text></a>',
    '<use href="https://example.org/x.svg#a"/>',
    '<use xlink:href="//example.org/x.svg#a"/>',
    '<image href="&#x68;ttps://example.org/x.png"/>',
    '<image href="data:image/svg+xml;base64,AAAA"/>',
    '<rect fill="url(https://example.org/#a)"/>',
    '<rect style="fill:url(&#104;ttps://example.org/#a)"/>',
    '<style>@import "https://example.org/x.css";</style>',
    '<style>rect{fill:u\\72l(https://example.org)}</style>',
    '<set attributeName="href" to="javascript:alert(1)"/>',
    '<animate attributeName="href" values="javascript:alert(1)"/>',
    '<iframe src="https://example.org"/>',
    '<?xml-stylesheet href="https://example.org/x.css"?>',
    '<![CDATA[<script>alert(1)</script>]]>',
  ])('that could run or load something is refused: %s', (inside) => {
    expect(inspectMedia('a.svg', 'figures', svg(inside))).toMatchObject({ ok: false });
  });

  it('may not declare entities', () => {
    const body = Buffer.from(
      '<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
    );
    expect(inspectMedia('a.svg', 'figures', body)).toMatchObject({ ok: false });
  });

  it('may refer to its own parts and hold a small bitmap', () => {
    const inside =
      '<defs><linearGradient id="g"><stop offset="0" style="stop-color:#fff"/></linearGradient></defs>' +
      '<rect fill="url(#g)"/><use href="#g"/><image href="data:image/png;base64,AAAA"/>';
    expect(inspectMedia('a.svg', 'figures', svg(inside))).toMatchObject({ ok: true });
  });
});

describe('a download', () => {
  const zip = (...names: string[]) => Buffer.from(`PK\x03\x04${names.join('\0')}`, 'latin1');

  it.each([
    ['a.pdf', Buffer.from('%PDF-1.7\n'), 'application/pdf'],
    [
      'a.docx',
      zip('[Content_Types].xml', 'word/document.xml'),
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    ],
    [
      'a.odt',
      zip('mimetypeapplication/vnd.oasis.opendocument.text'),
      'application/vnd.oasis.opendocument.text',
    ],
    ['a.csv', Buffer.from('città;imprese\nModena;64\n'), 'text/csv'],
  ])('is recognised by its content: %s', (name, body, mime) => {
    expect(inspectMedia(name, 'files', body)).toMatchObject({ ok: true, facts: { mime } });
  });

  it.each([
    ['a workbook named as a document', 'a.docx', zip('[Content_Types].xml', 'xl/workbook.xml')],
    [
      'a document with macros',
      'a.docx',
      zip('[Content_Types].xml', 'word/document.xml', 'word/vbaProject.bin'),
    ],
    ['any archive', 'a.docx', zip('evil.exe')],
    ['a program', 'a.exe', Buffer.from('MZ')],
    ['bytes that are no text', 'a.csv', Buffer.from([0xff, 0xfe, 0, 1])],
  ])('is refused: %s', (_, name, body) => {
    expect(inspectMedia(name, 'files', body)).toMatchObject({ ok: false });
  });
});
