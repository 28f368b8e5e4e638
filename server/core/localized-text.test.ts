import { textIn } from './localized-text';

describe('textIn', () => {
  const text = { en: 'Guided', it: 'Guidato' };

  it('gives the asked language', () => {
    expect(textIn(text, 'it')).toBe('Guidato');
    expect(textIn(text, 'en')).toBe('Guided');
  });

  it('falls back to English for a language without translation, known or not', () => {
    expect(textIn(text, 'de')).toBe('Guided');
    expect(textIn(text, 'xx')).toBe('Guided');
  });
});
