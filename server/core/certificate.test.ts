import fc from 'fast-check';
import {
  addMonths,
  certificateStanding,
  formatCertificateNumber,
  parseCertificateNumber,
} from './certificate';

describe('addMonths', () => {
  it.each([
    ['2026-11-23', 36, '2029-11-23'],
    ['2024-02-29', 36, '2027-02-28'],
    ['2024-02-29', 48, '2028-02-29'],
    ['2026-08-31', 6, '2027-02-28'],
    ['2026-12-31', 1, '2027-01-31'],
  ])('%s + %d months is %s', (from, months, to) => expect(addMonths(from, months)).toBe(to));
});

describe('certificateStanding', () => {
  const issued = { issuedAt: new Date('2026-01-01'), expiresAt: new Date('2029-01-02'), revokedAt: null };
  it.each([
    ['pending', { ...issued, issuedAt: null }, '2026-01-01'],
    ['valid', issued, '2029-01-01T23:59:59Z'],
    ['expired', issued, '2029-01-02T00:00:00Z'],
    ['revoked', { ...issued, revokedAt: new Date('2026-02-01') }, '2030-01-01'],
  ])('%s', (expected, certificate, now) =>
    expect(certificateStanding(certificate, new Date(now))).toBe(expected),
  );
});

describe('parseCertificateNumber', () => {
  const code = fc.string({
    unit: fc.constantFrom(...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'),
    minLength: 20,
    maxLength: 20,
  });

  it('reads back every number however it is typed', () => {
    fc.assert(
      fc.property(code, (letters) => {
        const number = formatCertificateNumber(letters);
        expect(parseCertificateNumber(number)).toBe(number);
        expect(parseCertificateNumber(` ${number.toLowerCase().replaceAll('-', ' ')} `)).toBe(number);
        expect(parseCertificateNumber(number.replaceAll('0', 'O').replaceAll('1', 'l'))).toBe(number);
      }),
    );
  });

  it('refuses everything else', () => {
    for (const typed of ['', 'x', '../../etc/passwd', 'A'.repeat(21), '<script>'.repeat(3), 'U'.repeat(20)])
      expect(parseCertificateNumber(typed)).toBeNull();
  });
});
