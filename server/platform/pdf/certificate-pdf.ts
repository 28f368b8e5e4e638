import { createHash } from 'node:crypto';
import PDFDocument from 'pdfkit';
import QRCode from 'qrcode';
import { PDF_FONTS } from './fonts';

/** A certificate as words in their final language and order; the layout knows nothing of courses. */
export type CertificateText = {
  language: string;
  documentTitle: string;
  issuerName: string;
  heading: string;
  statement: string;
  learnerName: string;
  achievement: string;
  courseTitle: string;
  outcomesTitle: string;
  outcomes: string[];
  competenciesTitle: string;
  /** Column headings, then a row per competency: code and name, level, evidence. */
  competencyHeadings: [string, string, string];
  competencies: [string, string, string][];
  facts: [string, string][];
  verifyLabel: string;
  verifyUrl: string;
  number: string;
  qrAlternative: string;
  /** Moment of issue; also the PDF's own creation date, so that the same certificate is always the same file. */
  issuedAt: Date;
};

const INK = '#1f2a37';
const ACCENT = '#0f5c63';
const SOFT = '#5b6673';
const PAGE = { width: 595.28, height: 841.89, margin: 62 };
const WIDTH = PAGE.width - 2 * PAGE.margin;

/** Renders the certificate as a tagged A4 PDF. The same text gives the same bytes. */
export async function renderCertificatePdf(text: CertificateText): Promise<{ pdf: Buffer; sha256: string }> {
  const doc = new PDFDocument({
    size: 'A4',
    // Narrow below, so that the line under the QR code never starts a second page.
    margins: { top: PAGE.margin, left: PAGE.margin, right: PAGE.margin, bottom: 30 },
    pdfVersion: '1.7',
    lang: text.language,
    tagged: true,
    displayTitle: true,
    info: {
      Title: text.documentTitle,
      Author: text.issuerName,
      Subject: text.courseTitle,
      Creator: 'Identikit',
      Producer: 'Identikit',
      CreationDate: text.issuedAt,
      ModDate: text.issuedAt,
    },
  });
  const chunks: Buffer[] = [];
  doc.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<void>((resolve, reject) => doc.once('end', resolve).once('error', reject));
  doc
    .registerFont('regular', PDF_FONTS.regular)
    .registerFont('italic', PDF_FONTS.italic)
    .registerFont('semibold', PDF_FONTS.semibold);

  const root = doc.struct('Document', { title: text.documentTitle });
  doc.addStructure(root);
  const tag = (type: string, draw: () => void) => root.add(doc.struct(type, {}, draw));

  drawFrame(doc);
  tag('P', () =>
    doc
      .font('semibold')
      .fontSize(11)
      .fillColor(ACCENT)
      .text(text.issuerName, PAGE.margin, 78, { width: WIDTH, align: 'center', characterSpacing: 1.2 }),
  );
  tag('H1', () => fitted(doc, 'semibold', 30, text.heading, 112, { align: 'center' }));
  tag('P', () =>
    doc
      .font('italic')
      .fontSize(13)
      .fillColor(SOFT)
      .text(text.statement, PAGE.margin, doc.y + 18, { width: WIDTH, align: 'center' }),
  );
  tag('P', () =>
    fitted(doc, 'semibold', 27, text.learnerName, doc.y + 12, { align: 'center', color: ACCENT }),
  );
  tag('P', () =>
    doc
      .font('italic')
      .fontSize(13)
      .fillColor(SOFT)
      .text(text.achievement, PAGE.margin, doc.y + 12, { width: WIDTH, align: 'center' }),
  );
  tag('H2', () => fitted(doc, 'semibold', 19, text.courseTitle, doc.y + 8, { align: 'center' }));

  let y = doc.y + 22;
  doc
    .moveTo(PAGE.width / 2 - 40, y)
    .lineTo(PAGE.width / 2 + 40, y)
    .lineWidth(1)
    .strokeColor(ACCENT)
    .stroke();
  y += 18;

  tag('H2', () =>
    doc
      .font('semibold')
      .fontSize(11)
      .fillColor(INK)
      .text(text.outcomesTitle, PAGE.margin, y, { width: WIDTH }),
  );
  const outcomes = text.outcomes;
  const size = outcomes.length > 14 ? 7.5 : outcomes.length > 9 ? 8.5 : 9.5;
  const list = doc.struct('L');
  root.add(list);
  for (const outcome of outcomes) {
    const item = doc.struct('LI');
    list.add(item);
    item.add(
      doc.struct('LBody', {}, () => {
        doc
          .font('regular')
          .fontSize(size)
          .fillColor(INK)
          .text(`•  ${outcome}`, PAGE.margin, doc.y + 3, { width: WIDTH, indent: 0 });
      }),
    );
    item.end();
  }
  list.end();

  y = doc.y + 14;
  tag('H2', () =>
    doc
      .font('semibold')
      .fontSize(11)
      .fillColor(INK)
      .text(text.competenciesTitle, PAGE.margin, y, { width: WIDTH }),
  );
  drawTable(doc, root, text);

  const footTop = 690;
  const qrSize = 84;
  const qrX = PAGE.width - PAGE.margin - qrSize;
  root.add(
    doc.struct('Figure', { alt: text.qrAlternative }, () =>
      drawQr(doc, text.verifyUrl, qrX, footTop, qrSize),
    ),
  );
  const factsWidth = WIDTH - qrSize - 20;
  doc.y = footTop - 4;
  for (const [label, value] of text.facts) {
    tag('P', () =>
      doc
        .font('semibold')
        .fontSize(8.5)
        .fillColor(SOFT)
        .text(`${label}  `, PAGE.margin, doc.y + 2, { width: factsWidth, continued: true })
        .font('regular')
        .fillColor(INK)
        .text(value),
    );
  }
  tag('P', () =>
    doc
      .font('regular')
      .fontSize(8)
      .fillColor(SOFT)
      .text(`${text.verifyLabel}  ${text.verifyUrl}`, PAGE.margin, footTop + qrSize + 8, {
        width: WIDTH,
        align: 'right',
        link: text.verifyUrl,
      }),
  );
  root.end();
  doc.end();
  await ended;
  const pdf = Buffer.concat(chunks);
  return { pdf, sha256: createHash('sha256').update(pdf).digest('hex') };
}

type Doc = InstanceType<typeof PDFDocument>;

function drawFrame(doc: Doc): void {
  doc.markContent('Artifact', { type: 'Layout' });
  doc
    .rect(28, 28, PAGE.width - 56, PAGE.height - 56)
    .lineWidth(1.4)
    .strokeColor(ACCENT)
    .stroke();
  doc
    .rect(34, 34, PAGE.width - 68, PAGE.height - 68)
    .lineWidth(0.4)
    .strokeColor(ACCENT)
    .stroke();
  doc.endMarkedContent();
}

/** One line or two: shrinks long and compound names until they fit, never cuts them. */
function fitted(
  doc: Doc,
  font: string,
  size: number,
  text: string,
  y: number,
  options: { align: 'center' | 'left'; color?: string },
): void {
  doc.font(font);
  let fontSize = size;
  while (
    fontSize > 12 &&
    doc.fontSize(fontSize).widthOfString(text) > WIDTH * (fontSize > size * 0.7 ? 1 : 1.9)
  )
    fontSize -= 0.5;
  doc
    .fontSize(fontSize)
    .fillColor(options.color ?? INK)
    .text(text, PAGE.margin, y, { width: WIDTH, align: options.align });
}

function drawTable(doc: Doc, root: PDFKit.PDFStructureElement, text: CertificateText): void {
  const columns = [WIDTH * 0.56, WIDTH * 0.2, WIDTH * 0.24] as const;
  const table = doc.struct('Table');
  root.add(table);
  const rows: { cells: readonly [string, string, string]; header: boolean }[] = [
    { cells: text.competencyHeadings, header: true },
    ...text.competencies.map((cells) => ({ cells, header: false })),
  ];
  for (const { cells, header } of rows) {
    const row = doc.struct('TR');
    table.add(row);
    doc.font(header ? 'semibold' : 'regular').fontSize(header ? 8.5 : 9.5);
    const top = doc.y + 4;
    const height = Math.max(
      ...cells.map((cell, i) => doc.heightOfString(cell, { width: (columns[i] ?? 0) - 8 })),
    );
    let x = PAGE.margin;
    for (const [i, cell] of cells.entries()) {
      row.add(
        doc.struct(header ? 'TH' : 'TD', {}, () => {
          doc.fillColor(header ? SOFT : INK).text(cell, x, top, { width: (columns[i] ?? 0) - 8 });
        }),
      );
      x += columns[i] ?? 0;
    }
    row.end();
    doc.markContent('Artifact', { type: 'Layout' });
    doc
      .moveTo(PAGE.margin, top + height + 2)
      .lineTo(PAGE.margin + WIDTH, top + height + 2)
      .lineWidth(0.4)
      .strokeColor('#c9d3d3')
      .stroke();
    doc.endMarkedContent();
    doc.y = top + height + 1;
  }
  table.end();
}

/** Squares of the QR code, error correction M: at this size a 300 dpi print reads back. */
function drawQr(doc: Doc, url: string, x: number, y: number, size: number): void {
  const { modules } = QRCode.create(url, { errorCorrectionLevel: 'M' });
  const cell = size / modules.size;
  for (let row = 0; row < modules.size; row++) {
    for (let column = 0; column < modules.size; column++) {
      // A hair wider than the cell: viewers draw seams between touching squares otherwise.
      if (modules.get(row, column)) doc.rect(x + column * cell, y + row * cell, cell + 0.1, cell + 0.1);
    }
  }
  doc.fillColor('#000000').fill();
}
